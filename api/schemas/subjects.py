"""Quizzes, chat, preferences."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from api.schemas.base import ALL_DIFFERENT, Given, Shape, whole


class QuizTotals(Shape):
    attempts: int
    passed: int
    pass_rate: int | None = Field(description="In percent; null without attempts.")


class QuizFigures(Shape):
    quiz_id: UUID
    title: str
    video_id: UUID | None
    attempts: int
    students: int
    pass_rate: int | None
    first_attempt_pass_rate: int | None
    avg_score: int | None
    avg_time_seconds: int | None


class ConspicuousQuestion(Shape):
    question_id: UUID
    quiz_id: UUID
    prompt: str
    answers: int
    correct_rate: int | None
    reason: str


class QuizAnalyticsAnswer(Shape):
    """Quizzes over all attempts; rates in percent."""

    overall: QuizTotals
    quizzes: list[QuizFigures]
    struggling_areas: list[QuizFigures]
    hard_questions: list[ConspicuousQuestion]
    suspected_wrong_keys: list[ConspicuousQuestion]


class AskedQuestion(Shape):
    question: str
    messages: int
    people: int
    mean_rating: float | None


class QuestionDay(Shape):
    activity_date: date = Field(alias="date")
    questions: int = Field(alias="count")
    questions_before: int | None = Field(
        alias="countBefore", description="On the day it is compared with; null: there is none."
    )


class ChatAnalyticsAnswer(Shape):
    """The chat in one period, and the number of questions in the one it is compared with."""

    satisfaction_rate: float | None = Field(description="0 to 1; null without ratings.")
    questions_asked: int
    questions_asked_before: int = Field(description="On the compared days.")
    change_percent: int | None = Field(
        description="Change in questions asked; null: there were none on the compared days."
    )
    questions_answered: int = Field(alias="aiAnswered")
    most_asked_questions: list[AskedQuestion]
    daily_volume: list[QuestionDay]


Separator = Literal["comma", "semicolon", "tab"]
DecimalMark = Literal["point", "comma"]
Encoding = Literal["utf-8-bom", "utf-8", "utf-16"]
PreferredPeriod = Literal["7d", "30d", "90d", "this-month", "last-month"]
Card = Literal["total_students", "active_students", "completion", "satisfaction"]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class PreferencesAnswer(Shape):
    """How the creator wants the dashboard."""

    cards: list[Card]
    period: PreferredPeriod
    is_digest_on: bool
    digest_weekday: Weekday
    digest_hour: int = Field(ge=0, le=23)
    alerts_at_risk: bool
    alerts_quizzes: bool
    alerts_content: bool
    is_alert_mail_on: bool
    digest_has_report: bool
    export_format: Literal["csv", "json", "pdf", "xlsx"]
    csv_separator: Separator
    csv_decimal_mark: DecimalMark
    csv_encoding: Encoding


class PreferenceChanges(Given):
    """What to change; fields that are left out stay as they are."""

    cards: Annotated[list[Card], Field(min_length=1, max_length=4, json_schema_extra=ALL_DIFFERENT)] | None = None
    period: PreferredPeriod | None = None
    is_digest_on: bool | None = None
    digest_weekday: Weekday | None = None
    digest_hour: Annotated[int, Field(ge=0, le=23, strict=True), BeforeValidator(whole)] | None = None
    alerts_at_risk: bool | None = None
    alerts_quizzes: bool | None = None
    alerts_content: bool | None = None
    is_alert_mail_on: bool | None = None
    digest_has_report: bool | None = None
    export_format: Literal["csv", "json", "pdf", "xlsx"] | None = None
    csv_separator: Separator | None = None
    csv_decimal_mark: DecimalMark | None = None
    csv_encoding: Encoding | None = None
