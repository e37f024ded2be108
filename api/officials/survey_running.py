"""Surveys that run: whom to invite, and how many answers of each kind are wanted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.audit.commands import record
from civic.surveys import invitations, queries, quotas
from civic.surveys.quotas import Quota

router = APIRouter(tags=["Surveys"])

Reader = Annotated[Official, Depends(official_with(Permission.SURVEYS_READ))]
Designer = Annotated[Official, Depends(official_with(Permission.SURVEYS_WORK))]


class InvitationsIn(BaseModel):
    """Whom to invite among the subscribers who were not invited yet and have not answered."""

    model_config = ConfigDict(json_schema_extra={"example": {"share": 0.25, "most": 500, "seed": 7}})

    share: float = Field(1.0, gt=0, le=1, description="Which part of them, chosen by chance.")
    most: int | None = Field(None, ge=1, le=1_000_000, description="At most so many.")
    seed: int = Field(0, ge=0, le=2**31, description="The same number chooses the same people.")


class InvitationsOut(BaseModel):
    """How inviting goes; it says nothing of who answered."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"subscribers": 812, "waiting": 100, "sent": 103, "passed_over": 2}}
    )

    subscribers: int = Field(description="Citizens who agreed to be told of surveys.")
    waiting: int = Field(description="Chosen, and not told yet: it is done in batches, never at night.")
    sent: int
    passed_over: int = Field(description="Chosen, and not told: answered meanwhile, or no longer wanted.")


class QuotaIn(BaseModel):
    """So many completed answers of one kind are wanted."""

    question: str = Field(max_length=64, examples=["age_group"])
    answer: str = Field(max_length=64, examples=["18-34"])
    wanted: int = Field(ge=0, le=10_000_000, examples=[200])


class QuotaOut(QuotaIn):
    """A quota and what there is of it."""

    reached: int


class QuotasIn(BaseModel):
    """All quotas of a survey; an empty list ends them."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"quotas": [{"question": "sex", "answer": "f", "wanted": 200}]}}
    )

    quotas: list[QuotaIn] = Field(max_length=100)


@router.get("/surveys/{survey_id}/invitations", responses=documented(401, 403, 404))
def read_invitations(survey_id: str, _: Reader, session: Db) -> InvitationsOut:
    """How many were invited, and how many subscribers there are."""
    queries.one_published(session, survey_id)
    return InvitationsOut(**invitations.counts(session, survey_id))


@router.post("/surveys/{survey_id}/invitations", status_code=202, responses=documented(401, 403, 404, 422))
def invite(
    survey_id: str, wanted: InvitationsIn, official: Designer, session: Db, parts: Parts, now: Now
) -> InvitationsOut:
    """Chooses subscribers by chance; they are told in batches, each once, outside the quiet hours."""
    queries.one_published(session, survey_id)
    secret = parts.settings.secret("secret_key")
    chosen = invitations.invite(
        session, survey_id, secret=secret, seed=wanted.seed, now=now, share=wanted.share, most=wanted.most
    )
    record(session, official, "official:invite:survey", survey_id, {"people": chosen}, now)
    return InvitationsOut(**invitations.counts(session, survey_id))


@router.get("/surveys/{survey_id}/quotas", responses=documented(401, 403, 404))
def read_quotas(survey_id: str, _: Reader, session: Db) -> list[QuotaOut]:
    """The quotas, and what was reached."""
    queries.one_published(session, survey_id)
    return [
        QuotaOut.model_validate(one, from_attributes=True) for one in quotas.quotas_of(session, survey_id)
    ]


@router.put("/surveys/{survey_id}/quotas", responses=documented(401, 403, 404, 422))
def put_quotas(survey_id: str, wanted: QuotasIn, official: Designer, session: Db, now: Now) -> list[QuotaOut]:
    """Replaces the quotas; what was reached stays."""
    published = queries.one_published(session, survey_id)
    asked = {(one.question, one.answer): Quota(one.question, one.answer, one.wanted) for one in wanted.quotas}
    kept = quotas.set_quotas(session, survey_id, published.definition, asked.values())
    record(session, official, "official:set:survey_quotas", survey_id, {"quotas": len(kept)}, now)
    return [QuotaOut.model_validate(one, from_attributes=True) for one in kept]
