"""The list of services that a municipality edits: `services.yml`, whose mistakes are named by their row."""

from __future__ import annotations

import contextlib
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from civic.kit import danger
from civic.service_requests.calendar import Calendar
from civic.service_requests.errors import BrokenServiceList, UnknownService

Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,49}$")]
Words = Annotated[str, Field(min_length=1, max_length=300)]

# Fewer than these and a new type would hardly ever be suggested.
FEWEST_EXAMPLES = 6


def _as_key(value: object) -> object:
    # YAML reads a bare `yes` as a truth and a bare `5` as a number; as a key both are meant as written.
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AttributeValue(_Entry):
    """One answer of a list: `words` are further words by which a citizen may name it."""

    key: Annotated[str, BeforeValidator(_as_key), Field(min_length=1, max_length=60)]
    name: Annotated[str, BeforeValidator(_as_key), Field(min_length=1, max_length=80)]
    words: tuple[str, ...] = ()


class ServiceAttribute(_Entry):
    """An extra question of a service, in the terms of Open311's service definition."""

    code: Code
    description: Words
    datatype: Datatype = "string"
    required: bool = False
    variable: bool = True
    datatype_description: str = ""
    order: int = 0
    values: tuple[AttributeValue, ...] = ()
    # A regular expression by which the answer is recognised in a description, such as a number plate.
    found_by: str = ""

    @model_validator(mode="after")
    def _lists_have_values(self) -> ServiceAttribute:
        is_list = self.datatype.endswith("valuelist")
        if is_list and len(self.values) < 2:
            raise ValueError("a list needs at least two values")
        if self.values and not is_list:
            raise ValueError(f"only lists have values, and this is a {self.datatype}")
        keys = [value.key for value in self.values]
        if len(set(keys)) < len(keys):
            raise ValueError("two values have the same key")
        try:
            re.compile(self.found_by)
        except re.error as error:
            raise ValueError(f"found_by is not a regular expression ({error})") from error
        return self

    def name_of(self, key: str) -> str:
        """How the answer `key` reads for people; free text reads as it is."""
        return next((value.name for value in self.values if value.key == key), key)


class Service(_Entry):
    """One type of complaint."""

    service_code: Code
    service_name: Annotated[str, Field(min_length=2, max_length=60)]
    group: Annotated[str, Field(min_length=2, max_length=60)]
    description: Words
    agency: str
    expected_days: Annotated[int, Field(ge=1, le=365)]
    # The same for what an official calls urgent, or an emergency; left out: half of it, and one day.
    high_days: Annotated[int | None, Field(ge=1, le=365)] = None
    emergency_days: Annotated[int | None, Field(ge=1, le=365)] = None
    # How long such a thing usually lasts: two reports further apart in time are hardly about the same one.
    lasts_days: Annotated[int, Field(ge=1, le=365)] = 60
    emergency: bool = False
    no_place: bool = False
    # What fits nothing else: offered, but never assumed.
    catch_all: bool = False
    # What concerns a household or a person: the public sees neither its place nor its words.
    private: bool = False
    keywords: Annotated[tuple[Words, ...], Field(min_length=1)]
    examples: Annotated[tuple[Words, ...], Field(min_length=FEWEST_EXAMPLES)]
    attributes: tuple[ServiceAttribute, ...] = ()

    @model_validator(mode="after")
    def _codes_differ(self) -> Service:
        codes = [attribute.code for attribute in self.attributes]
        if len(set(codes)) < len(codes):
            raise ValueError("two attributes have the same code")
        return self

    def attribute(self, code: str) -> ServiceAttribute:
        """The attribute with this code."""
        return next(attribute for attribute in self.attributes if attribute.code == code)


class ServiceList(_Entry):
    """Everything in `services.yml`."""

    agencies: dict[Code, Words]
    services: Annotated[tuple[Service, ...], Field(min_length=1)]
    danger_phrases: tuple[Words, ...] = ()
    # Not of the file: the town's working days, in which its deadlines are counted.
    _calendar: Calendar = PrivateAttr(default_factory=Calendar)

    @property
    def calendar(self) -> Calendar:
        """The town's working days; without a calendar, Monday to Friday."""
        return self._calendar

    def keeping(self, calendar: Calendar) -> ServiceList:
        """The same list with the town's calendar."""
        other = self.model_copy()
        other._calendar = calendar
        return other

    def get(self, service_code: str) -> Service:
        """The service with this code; there being none is an error."""
        for service in self.services:
            if service.service_code == service_code:
                return service
        raise UnknownService(f"There is no service {service_code!r}.")

    def find(self, service_code: str | None) -> Service | None:
        """The service with this code, or None when the list has lost it since."""
        return next((one for one in self.services if one.service_code == service_code), None)

    @cached_property
    def names(self) -> dict[str, str]:
        """How citizens call each service, by its code."""
        return {one.service_code: one.service_name for one in self.services}

    def groups(self) -> dict[str, list[Service]]:
        """The services by group, both in the order of the file."""
        grouped: dict[str, list[Service]] = {}
        for service in self.services:
            grouped.setdefault(service.group, []).append(service)
        return grouped

    def name_of(self, service_code: str) -> str:
        """How citizens call the service; a code that left the list stays readable."""
        return self.names.get(service_code) or service_code.replace("_", " ").capitalize()

    def agency_name(self, agency: str) -> str:
        """How citizens call the department."""
        return self.agencies.get(agency, agency)


@lru_cache(maxsize=4)
def _load(path: Path, modified_ns: int) -> ServiceList:
    services = parse(path.read_text(encoding="utf-8"), path.name)
    # The dangers are everybody's: what is listed here comes on top.
    beside = path.with_name("danger.yml")
    common = [kind.phrases for kind in danger.load(beside).kinds if not kind.alone] if beside.exists() else []
    phrases = (*services.danger_phrases, *(one for phrases in common for one in phrases))
    return services.model_copy(update={"danger_phrases": phrases})


def load(path: Path) -> ServiceList:
    """The list of services in a file; read again only when the file changed."""
    try:
        modified = path.stat().st_mtime_ns
    except OSError as error:
        raise BrokenServiceList(
            f"{path.name} is not there.", remedy="Restore it from the repository, or start from a copy of it."
        ) from error
    return _load(path, modified)


def parse(text: str, name: str = "services.yml") -> ServiceList:
    """The list of services in a text; a mistake raises `BrokenServiceList` with its row and the remedy."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenServiceList(
            f"{name}, row {row}: {error.problem or 'this is not YAML'}.",
            remedy="Check the indentation, and put texts with a colon or a # between quotes.",
        ) from error
    if tree is None or not isinstance(data, dict):
        raise BrokenServiceList(f"{name}, row 1: no list of services.", remedy="Begin with `services:`.")
    try:
        services = ServiceList.model_validate(data)
    except ValidationError as error:
        # A misspelt word is also a missing one: the misspelling is what to correct.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise BrokenServiceList(
            f"{name}, row {_row(tree, first['loc'])}: {_where(data, first['loc'])}{_problem(first)}.",
            remedy=_remedy(first),
        ) from error
    _check_together(services, tree, name)
    return services


def _check_together(services: ServiceList, tree: yaml.Node, name: str) -> None:
    seen: dict[str, int] = {}
    for index, service in enumerate(services.services):
        row = _row(tree, ("services", index, "service_code"))
        if service.service_code in seen:
            raise BrokenServiceList(
                f"{name}, row {row}: the service_code {service.service_code!r} is used in row "
                f"{seen[service.service_code]} already.",
                remedy="Give one of the two another service_code.",
            )
        seen[service.service_code] = row
        if service.agency not in services.agencies:
            row = _row(tree, ("services", index, "agency"))
            raise BrokenServiceList(
                f"{name}, row {row}: {service.service_code}: there is no agency {service.agency!r}.",
                remedy=f"Use one of {', '.join(services.agencies)}, or add it under `agencies:`.",
            )


def _row(tree: yaml.Node, location: tuple[Any, ...]) -> int:
    """The row in which the thing at `location` begins, or the nearest thing around it that exists."""
    node = tree
    row = node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if pair is None:
                break
            row, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            row = node.start_mark.line + 1
        else:
            break
    return row


def _where(data: dict[str, Any], location: tuple[Any, ...]) -> str:
    parts = []
    if len(location) > 1 and location[0] == "services":
        with contextlib.suppress(AttributeError, IndexError, KeyError, TypeError):
            parts.append(str(data["services"][location[1]].get("service_code", "")))
    parts += [str(step) for step in location if isinstance(step, str) and step != "services"]
    text = ": ".join(part for part in parts if part)
    return f"{text}: " if text else ""


def _problem(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "this is missing"
    if kind == "extra_forbidden":
        return "this word is not known here"
    if kind == "too_short" and error["loc"][-1] == "examples":
        return f"there are {context['actual_length']} examples, and {context['min_length']} are needed"
    if kind == "value_error":
        return str(context["error"])
    message: str = error["msg"]
    return message[0].lower() + message[1:]


def _remedy(error: Any) -> str:
    kind, field = error["type"], error["loc"][-1]
    return {
        "missing": f"Add a line `{field}: ...` to this entry.",
        "extra_forbidden": "Correct the spelling, or take the line out.",
        "too_short": "Add more lines beginning with `- `.",
        "string_pattern_mismatch": "Use small letters, digits and underscores only, e.g. `street_light`.",
        "string_type": "Write a text here; put numbers, yes and no between quotes.",
        "bool_parsing": "Write true or false.",
        "int_parsing": "Write a whole number, without quotes.",
    }.get(kind, "Compare this entry with the one before it.")
