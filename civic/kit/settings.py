"""Every setting of the product: an environment variable `FOLKMOOT_<NAME>`, or a line in `.env`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pydantic import Field, PrivateAttr, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from civic.kit.files import private_text
from civic.kit.ids import new_secret


class Settings(BaseSettings):
    """What an operator may choose; each field's description is its line in the README's table."""

    model_config = SettingsConfigDict(
        env_prefix="FOLKMOOT_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    home: Path = Field(Path("var"), description="Folder of everything the product writes.")
    content: Path = Field(Path("content"), description="Folder that the municipality edits.")
    database_url: str = Field(
        "",
        description="SQLAlchemy URL; empty means a SQLite file in the home folder. PostgreSQL: postgresql://...",
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port of the web server.")
    api_workers: int = Field(
        1,
        ge=1,
        le=64,
        description="Web processes behind that port; each uses one core at most, and about 300 MB.",
    )
    public_url: str = Field(
        "", description="Address citizens see, e.g. https://talk.example.org; empty: the local one."
    )
    allowed_origins: list[str] = Field(
        [],
        description="Sites that may embed the web chat, as a JSON list; the own address is always allowed.",
    )
    town: str = Field("Marlow Vale", description="Name of the municipality as citizens say it.")
    time_zone: str = Field(
        "Europe/London",
        description="Time zone of the town: when a day begins, and a document's last day ends.",
    )
    holiday_country: str = Field(
        "GB",
        pattern="^([A-Z]{2})?$",
        description="Country whose public holidays are no working days; none: weekends only. Own closing "
        "days: content/closing_days.yml.",
    )
    holiday_subdivision: str = Field(
        "ENG", description="Part of that country with holidays of its own, e.g. ENG, SCT, or none."
    )
    quiet_hours: str = Field(
        "21:00-08:00",
        pattern=r"^((([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d))?$",
        description="Hours of the town in which citizens are not disturbed: what is not urgent waits; "
        "none: never.",
    )
    default_language: str = Field("en", description="Language used where a citizen's own has no catalogue.")
    emergency_number: str = Field("112", description="Number given at once when life is in danger.")
    crisis_number: str = Field("116 123", description="Crisis line given to who speaks of self-harm.")
    violence_number: str = Field(
        "0808 2000 247", description="Helpline given to who is hurt or threatened at home."
    )
    region: str = Field(
        "GB",
        pattern="^[A-Z]{2}$",
        description="Country code by which phone and identity numbers without a country are recognised.",
    )
    council_phone: str = Field("01234 555 010", description="Number given when a person is needed.")
    demonstration: bool = Field(True, description="Load the demonstration content at the first start.")

    rasa_urls: list[str] = Field(
        [], description="Addresses of Rasa processes, as a JSON list; empty: `folkmoot up` starts its own."
    )
    rasa_processes: int = Field(1, ge=1, le=64, description="Rasa processes that `folkmoot up` starts.")
    rasa_token: SecretStr = Field(
        SecretStr(""),
        description="Secret between the gateway and Rasa; empty: made once and kept in the home folder.",
    )
    action_url: str = Field(
        "", description="Address of the action webhook as Rasa sees it; empty: this process."
    )
    turn_timeout_seconds: float = Field(20, gt=0, description="Longest wait for one turn of the dialogue.")
    session_expires_minutes: float = Field(
        60,
        gt=0,
        description="Silence after which small talk starts anew; reports and surveys are gone on with.",
    )

    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs officials' tokens and links; empty: made once and kept in the home folder.",
    )
    token_minutes: int = Field(15, ge=1, le=1440, description="Minutes an official's token is valid.")
    map_tiles: str = Field(
        "",
        description="Map pictures behind the desk's points, e.g. https://tiles.example.org/{z}/{x}/{y}.png; "
        "empty: a plain grid.",
    )
    desk_hours: int = Field(
        8,
        ge=1,
        le=72,
        description="Hours after which an official who does nothing is signed out of the pages.",
    )

    messages_per_minute: int = Field(30, ge=1, description="Messages a minute one citizen may send.")
    max_message_characters: int = Field(2000, ge=100, description="Longest message a citizen may send.")
    max_attachment_megabytes: int = Field(10, ge=1, le=50, description="Largest photo a citizen may send.")

    files_url: str = Field(
        "",
        description="Where citizens' photos are kept, as fsspec writes it, e.g. s3://bucket/photos (with "
        "folkmoot[s3]; account and server in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL); "
        "empty: the home folder.",
    )
    photo_link_minutes: int = Field(
        60, ge=1, le=10080, description="Minutes for which a link to a photo opens it."
    )

    answer_threshold: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Least probability at which a policy answer is given; 0: the measured point, see "
        "docs/features/knowledge.md. Higher refuses more and errs less.",
    )

    max_document_megabytes: int = Field(
        20, ge=1, le=100, description="Largest document an official may upload, and largest page of a site."
    )
    site_private_addresses: bool = Field(
        False, description="Let `knowledge import-site` read addresses of the own network, such as loopback."
    )

    open311_jurisdiction: str = Field(
        "",
        description="The `jurisdiction_id` of the town for Open311, e.g. example.org; empty: any is taken.",
    )
    open311_jurisdiction_required: bool = Field(
        False, description="Refuse Open311 requests that do not name the jurisdiction."
    )
    open311_requests_per_minute: int = Field(
        60, ge=1, description="Requests and updates a minute that one Open311 key may send."
    )

    telegram_token: SecretStr = Field(SecretStr(""), description="Token from BotFather; empty: no Telegram.")
    telegram_name: str = Field(
        "",
        pattern="^@?[A-Za-z0-9_]*$",
        description="The bot's name, for links to surveys; empty: the one that Telegram tells, where the "
        "bot runs in the same process.",
    )
    telegram_webhook_url: str = Field("", description="Public https address for updates; empty: polling.")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret that Telegram sends with each update; empty: made once and kept."
    )
    telegram_api_base: str = Field("https://api.telegram.org", description="Bot API server, for an own one.")

    _kept_secrets: dict[str, str] = PrivateAttr(default_factory=dict)

    @cached_property
    def database(self) -> str:
        """The database URL that is in force."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'folkmoot.db'}"

    @cached_property
    def site(self) -> str:
        """The address citizens see, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def actions(self) -> str:
        """The address of the action webhook as Rasa sees it."""
        return self.action_url or f"http://127.0.0.1:{self.port}/rasa/actions"

    @field_validator("holiday_country", "holiday_subdivision", "quiet_hours", mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        """An empty variable means the default, as everywhere; that there is none has to be said."""
        return "" if isinstance(value, str) and value.lower() == "none" else value

    @property
    def encoder_dir(self) -> Path:
        return self.home / "encoder"

    @property
    def models_dir(self) -> Path:
        return self.home / "models"

    @property
    def log_file(self) -> Path:
        return self.home / "log" / "folkmoot.log"

    def secret(self, name: str) -> str:
        """The secret setting `name`; where it is empty, one made once and kept in the home folder."""
        value: SecretStr = getattr(self, name)
        if value.get_secret_value():
            return value.get_secret_value()
        if name not in self._kept_secrets:  # every page asks for it twice
            self._kept_secrets[name] = private_text(self.home / "secrets" / name, lambda: new_secret(32))
        return self._kept_secrets[name]
