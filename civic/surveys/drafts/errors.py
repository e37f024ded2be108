"""What can stand in the way of a draft."""

from __future__ import annotations

from civic.kit.errors import Conflict, Invalid, NotFound


class UnknownDraft(NotFound):
    """No draft has this id: it was published or discarded."""

    code = "survey_draft_unknown"
    title = "This draft is no longer there"


class DraftBroken(Conflict):
    """A file with mistakes is not published."""

    code = "survey_draft_broken"
    title = "This draft has mistakes"


class DraftChanged(Conflict):
    """Somebody changed the draft or the survey since it was looked at."""

    code = "survey_draft_changed"
    title = "This draft was changed meanwhile"


class UnusableSchedule(Invalid):
    """A survey ends before it begins."""

    code = "survey_schedule_unusable"
    title = "These times cannot be"


class AlreadyEnded(Conflict):
    """The end of a survey has passed: reopening alone would not let anybody in."""

    code = "survey_ended"
    title = "The end of this survey has passed"
