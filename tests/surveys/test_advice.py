"""Advice about surveys that are right: each warning where it belongs, and none once it is taken."""

from __future__ import annotations

import pytest

from civic.surveys.sheets import examine_bytes

NUMBER = "{type: integer, name: a, label: A?}\n"
BOTH = "{type: text, name: a, label: {en: A park?, fr: Un parc ?}}\n"
TOWNS = """choices:
  regions: [{name: n, label: North}, {name: s, label: South}]
  towns: [{name: x, label: Xton, more: {in: n}}, {name: y, label: Yton, more: {in: n}}]
"""
FILTERED = (
    "{type: select_one regions, name: r, label: Region?}\n{type: select_one towns, name: t, label: Town?, "
)


def said(rows: str, choices: str = "") -> dict[str, list[str | None]]:
    """The codes of what is said about a survey of these rows, with the questions concerned."""
    listed = "".join(f"  - {row}\n" for row in rows.splitlines())
    text = f"settings: {{form_id: a, form_title: A, consent: C, thanks: T}}\n{choices}survey:\n{listed}"
    read = examine_bytes(text.encode(), "a.yml")
    assert read.definition is not None and not read.errors, read.errors
    found: dict[str, list[str | None]] = {}
    for problem in read.problems:
        assert problem.remedy and problem.severity == "warning"
        found.setdefault(str(problem.code), []).append(problem.question)
    return found


def choices(many: int) -> str:
    return f"choices:\n  l: [{', '.join(f'{{name: c{n}, label: Choice {n}}}' for n in range(many))}]\n"


@pytest.mark.parametrize(
    ("code", "concerned", "doubtful", "better", "lists"),
    [
        (
            "unreachable",
            "b",
            NUMBER + "{type: text, name: b, label: B?, relevant: '${a} > 9 and ${a} < 3'}",
            NUMBER + "{type: text, name: b, label: B?, relevant: '${a} > 3 and ${a} < 9'}",
            "",
        ),
        (
            "constraint_unsatisfied",
            "a",
            "{type: integer, name: a, label: A?, constraint: . > 9 and . < 3, constraint_message: No}",
            "{type: integer, name: a, label: A?, constraint: . < 9 and . > 3, constraint_message: No}",
            "",
        ),
        (
            "untranslated",
            "b",
            f"{BOTH}{{type: text, name: b, label: {{en: B?}}}}",
            f"{BOTH}{{type: text, name: b, label: {{en: B?, fr: B ?}}}}",
            "",
        ),
        (
            "untranslated",
            "b",
            f"{BOTH}{{type: select_one l, name: b, label: {{en: B?, fr: B ?}}}}",
            f"{BOTH}{{type: yes_no, name: b, label: {{en: B?, fr: B ?}}}}",
            choices(2),
        ),
        ("dead_end", "t", f"{FILTERED}required: yes, choice_filter: 'in = ${{r}}'}}", f"{FILTERED}}}", TOWNS),
        (
            "many_words",
            "a",
            f"{{type: text, name: a, label: {'word ' * 41}}}",
            f"{{type: text, name: a, label: {'word ' * 40}}}",
            "",
        ),
        ("many_choices", "a", "{type: select_one l, name: a, label: A?}", "", choices(9)),
        (
            "long_survey",
            None,
            "\n".join(f"{{type: text, name: q{n}, label: Q?}}" for n in range(16)),
            "\n".join(f"{{type: text, name: q{n}, label: Q?}}" for n in range(15)),
            "",
        ),
        (
            "personal_without_why",
            "a",
            "{type: text, name: a, label: What is your e-mail address?}",
            "{type: text, name: a, label: What is your e-mail address?, why: To tell you.}",
            "",
        ),
        (
            "personal_without_why",
            "a",
            "{type: text, name: a, label: {fr: Quelle est votre date de naissance ?}}",
            "{type: text, name: a, label: {fr: Quel est votre parc préféré ?}}",
            "",
        ),
        (
            "personal_without_why",
            "a",
            "{type: integer, name: a, label: {de: Wie alt sind Sie?}}",
            "{type: integer, name: a, label: {de: Wie oft sind Sie im Park?}}",
            "",
        ),
    ],
)
def test_what_would_hurt_in_a_chat_is_said_until_it_is_mended(
    code: str, concerned: str | None, doubtful: str, better: str, lists: str
) -> None:
    assert set(said(doubtful, lists).get(code, ())) == {concerned}
    if better:
        assert code not in said(better, lists)
