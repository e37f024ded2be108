"""`python -m cli` is `folkmoot`, also where the environment's scripts have moved."""

from cli.main import main

if __name__ == "__main__":
    main()
