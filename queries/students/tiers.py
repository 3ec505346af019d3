"""Labels of the engagement tiers: the product's names and colours, in the order of the product's guide."""

from dataclasses import dataclass

from rules.sentences import figure


@dataclass(frozen=True)
class TierLabel:
    name: str
    colour: str  # of tables, charts and reports; white text on it is readable (4.5 to 1)

    @property
    @figure
    def text(self) -> str:
        return self.name


TIER_LABELS = {
    "highly_engaged": TierLabel("Highly engaged", "#0f5323"),
    "engaged": TierLabel("Engaged", "#1f883d"),
    "moderate": TierLabel("Moderate", "#8a6a00"),
    "low_engagement": TierLabel("Low engagement", "#b54708"),
    "at_risk": TierLabel("At risk", "#cf222e"),
    "inactive": TierLabel("Inactive", "#59636e"),
}
