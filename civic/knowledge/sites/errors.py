"""What stops the reading of a site, or of one page of it."""

from __future__ import annotations

from civic.kit.errors import Conflict, Invalid


class SiteUnreadable(Invalid):
    """Nothing of the site can be read; the sentence says why."""

    code = "site_unreadable"
    title = "This site cannot be read"


class AddressRefused(SiteUnreadable):
    """The address is not one that we go to: another host, another scheme, or inside our own network."""

    code = "address_refused"
    title = "This address is not read"


class TooMuchGone(Conflict):
    """So many pages vanished at once that it is likely a fault of the site."""

    code = "too_much_gone"
    title = "Most pages of the site are gone"
