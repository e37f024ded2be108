"""What the audit refuses."""

from __future__ import annotations

from civic.kit.errors import FolkmootError


class AuditIsAppendOnly(FolkmootError):
    """Something tried to change or remove an audit row."""

    code = "audit_is_append_only"
    title = "The audit is never changed"


class UnfitForAudit(FolkmootError):
    """A tag that is not `subject:verb:object`, or a detail that could be a citizen's own words."""

    code = "unfit_for_audit"
    title = "This does not belong in the audit"
