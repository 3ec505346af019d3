"""Subscription tiers, and what they include."""

from rules.errors import InputError

TIERS = ("basic", "pro", "enterprise")
DASHBOARD_TIER = "enterprise"  # the dashboard and everything in it: pages, exports, email, the API


class FeatureAccessDenied(InputError):
    """The tier does not include the requested feature; the message says what to do."""

    def __init__(self, message: str, *, names_no_person: bool = True) -> None:
        super().__init__(message)
        self.names_no_person = names_no_person  # so its text may be kept where staff read it


def opens_the_dashboard(tier: str | None) -> bool:
    """Whether a creator of this tier has the dashboard."""
    return tier == DASHBOARD_TIER


def must_open_the_dashboard(tier: str | None, name: str = "", what: str = "The Creator Dashboard is") -> None:
    """Raise FeatureAccessDenied unless the tier includes the dashboard: why, and what to do.

    `name` is the creator's, for people who manage several.
    """
    if opens_the_dashboard(tier):
        return
    whose = f'"{name}"' if name else "this account"
    has = f"{whose} has the {tier.upper()} tier" if tier else f"{whose} has no tier"
    raise FeatureAccessDenied(
        f"{what} part of the ENTERPRISE tier; {has}. "
        "Upgrade to ENTERPRISE in the subscription settings to get access at once.",
        names_no_person=not name,
    )
