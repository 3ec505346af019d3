"""The map names only what exists."""

import importlib
import re

import pytest

from database.settings import PROJECT_DIR

MAP = (PROJECT_DIR / "docs" / "spec-map.md").read_text(encoding="utf-8")
NAMES_IN = re.compile(r"`([^`\n]+)`")
CODE = NAMES_IN.findall(MAP)
FOLDERS = "queries|actions|charts|ui|jobs|database|pages|reports|api|findings|rules|benchmarks|commands"
PYTHON = re.compile(rf"({FOLDERS})(\.\w+)+")
FILE = re.compile(rf"({FOLDERS})/[\w/]+\.(py|sql)")
DESCRIBED = {
    cell for line in MAP.splitlines() if line.startswith("| ") for cell in NAMES_IN.findall(line.split(" | ")[0])
}
# The names that the product's description gives to things.
FUNCTIONS = """
    getOverviewStats getStudentEngagement getVideoPerformance getQuizAnalytics getChatAnalytics getStudents
    getStudentDetails getAtRiskStudents getTopPerformers exportStudentData getVideos updateVideoMetadata reorderVideos
    deleteVideo getVideoAnalytics exportData exportStudentList exportChatHistory exportAnalyticsDashboard
    refresh_creator_dashboard_views() cron.schedule
"""
FILES = """
    lib/creator/analytics-service.ts lib/creator/student-management.ts lib/creator/video-management.ts
    lib/creator/export-service.ts components/dashboard/MetricCard.tsx components/dashboard/ChartCard.tsx
    app/(dashboard)/creator/layout.tsx
"""
TYPES = """
    DashboardStats EngagementMetrics VideoStats QuizAnalytics ChatAnalytics StudentFilters StudentList StudentProfile
    StudentDetailedProfile VideoFilters Video VideoUpdates VideoAnalytics ExportOptions ExportResult Buffer creatorId
"""
COMPONENTS = """
    Sidebar TopNav MetricCard MetricCardProps ChartCard LucideIcon iconColor title subtitle value change icon data type
    line bar donut /creator
"""
RELATIONS = """
    creators students video_progress chat_messages creator_preferences export_logs creator_analytics_cache
    daily_active_users video_analytics most_asked_questions student_engagement_tiers highly_engaged engaged moderate
    low_engagement at_risk inactive idx_students_creator idx_students_last_active idx_video_analytics_creator
    idx_video_analytics_views idx_most_asked_questions_creator idx_most_asked_questions_count
    refresh-creator-analytics cleanup-export-logs
"""
FIELDS = """
    total active activePercentage newThisMonth trends avgCompletion videosWatched quizzesPassed dailyActiveUsers
    peakHours avgSessionTime questionsAsked aiAnswered satisfactionRate engagement support page pageSize hasMore period
    status progress lastActive search sortBy sortOrder limit offset success downloadUrl fileSize expiresAt
    chat analytics quiz_results videos csv json pdf xlsx
"""
ENDPOINTS = ("GET /api/creator/dashboard", "GET /api/creator/students", "POST /api/creator/export")
COLUMNS = """
    dashboard_layout notification_settings export_preferences export_type format filters error_message file_url
    file_size_bytes completed_at cached_at activity_date active_count videos_watched total_watch_time_seconds
    total_views question ask_count unique_askers avg_satisfaction last_asked_at helpful_rating last_watched
    watch_duration role content subscription_tier
"""


NOT_BUILT = ("What has no place here", "Deliberate differences")


def lines_of_what_is_here() -> list[str]:
    sections = [section.splitlines() for section in MAP.split("\n## ")]
    rows = [line for title, *lines in sections for line in lines if line.startswith("| ") and title not in NOT_BUILT]
    return [line for line in rows if not line.startswith(("| ---", "| described", "| file or type"))]


def test_every_function_on_the_map_exists():
    named = [code for code in CODE if PYTHON.fullmatch(code)]

    assert len(named) > 15
    for name in named:
        module, attribute = name.rsplit(".", 1)
        assert hasattr(importlib.import_module(module), attribute), name


def test_every_file_on_the_map_exists():
    named = [code for code in CODE if FILE.fullmatch(code)]

    assert len(named) > 20
    for path in named:
        assert (PROJECT_DIR / path).is_file(), path


def test_every_page_is_on_the_map():
    pages = {f"pages/{path.name}" for path in (PROJECT_DIR / "pages").glob("*.py") if path.name != "__init__.py"}

    assert pages <= set(CODE)


@pytest.mark.parametrize("names", [FUNCTIONS, FILES, TYPES, COMPONENTS, RELATIONS, FIELDS])
def test_every_name_of_the_description_has_a_line(names: str):
    assert set(names.split()) - DESCRIBED == set()


def test_every_endpoint_of_the_description_has_a_line():
    assert set(ENDPOINTS) <= DESCRIBED


def test_every_column_of_the_description_is_on_the_map_and_in_the_schema():
    sql = " ".join(path.read_text(encoding="utf-8") for path in (PROJECT_DIR / "database").rglob("*.sql"))

    assert set(COLUMNS.split()) - set(CODE) == set()
    assert [name for name in COLUMNS.split() if not re.search(rf"\b{name}\b", sql)] == []


@pytest.mark.parametrize("line", lines_of_what_is_here())
def test_every_line_names_a_test_that_shows_it(line: str):
    tests = re.findall(r"`((?:tests|proofs)/[\w/]+\.py)`", line.strip("| ").split(" | ")[-1])

    assert tests
    assert [path for path in tests if not (PROJECT_DIR / path).is_file()] == []


def test_no_line_is_without_an_answer():
    lines = [line for line in MAP.splitlines() if line.startswith("| ") and not line.startswith("| ---")]

    assert len(lines) > 100
    assert [line for line in lines if not all(cell.strip() for cell in line.strip("| ").split(" | ", 1))] == []
    assert [line for line in lines if " | " not in line] == []
