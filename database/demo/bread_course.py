"""What the small bread course teaches: one topic per video, in course order."""

from database.demo.topics import Topic

PARTS = ("Starter", "Loaf")

TOPICS = (
    Topic("Catching wild yeast", "a starter", "flour and water in which wild yeast lives",
          "We mix the first spoon and mark the jar.", "throwing it away on the quiet third day"),
    Topic("Feeding on time", "a feeding", "fresh flour and water for the yeast",
          "We feed at breakfast and watch until supper.", "keeping the jar in a cold corner"),
    Topic("Weighing instead of guessing", "a baker's percentage", "the weight of an ingredient relative to the flour",
          "We scale a recipe for two loaves.", "counting the flour in the starter twice"),
    Topic("Strength without kneading", "a stretch and fold", "a gentle way to give dough strength",
          "We fold four times in two hours.", "tearing the surface of the dough"),
    Topic("Ready for the oven", "a poke test", "a finger mark that shows how far the dough has risen",
          "We compare three loaves.", "trusting the clock more than the dough"),
    Topic("Baking with steam", "oven spring", "the last rise of a loaf in the heat",
          "We bake in a closed pot.", "opening the lid too early"),
)  # fmt: skip
