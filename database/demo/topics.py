"""One lesson's subject, and the texts about it in a video, a quiz or a chat."""

from typing import NamedTuple


class Topic(NamedTuple):
    """Worded so that "The term is the meaning." and "The usual mistake is the pitfall." are sentences."""

    title: str
    term: str
    meaning: str
    example: str
    pitfall: str

    def definition(self) -> str:
        return f"{self.term[0].upper()}{self.term[1:]} is {self.meaning}."

    def description(self) -> str:
        return f"What {self.term} is, when to use it, and what to look out for. {self.example}"

    def transcript(self) -> str:
        """Spoken text of about ten sentences; its parts are evenly spread over the video."""
        return " ".join(
            [
                f"Welcome back to the course; today's lesson is called {self.title}.",
                f"By the end of it you will know what {self.term} is and where it helps you.",
                f"Let us begin with the words. {self.definition()}",
                "If that sounds abstract, keep watching, because an example makes it clear.",
                self.example,
                f"Notice where {self.term} comes in: without it, we would have needed far more work.",
                "Now stop the video for a moment and try it yourself with an example of your own.",
                f"There is one thing almost everyone gets wrong. The usual mistake is {self.pitfall}.",
                "If it happens to you, go back one step, look at what you have, and change a single thing.",
                f"To sum up: {self.term} is {self.meaning}.",
                "Write down one question that is still open, and I will see you in the next lesson.",
            ]
        )

    def wordings(self) -> tuple[str, ...]:
        """The same question as different students put it; the meaningful words are the same."""
        return (
            f"What is {self.term}?",
            f"what is {self.term}",
            f"Can you explain {self.term}, please?",
            f"Hi, could you please explain to me what {self.term} is?",
            f"{self.term[0].upper()}{self.term[1:]}... what is that again?",
        )
