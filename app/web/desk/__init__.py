"""The desk: the pages of those who are signed in."""

from app.web.desk.blueprint import desk

__all__ = ["desk"]

from app.web.desk import account as _account  # noqa: F401 - it registers its pages
from app.web.desk import by_hand as _by_hand  # noqa: F401 - the same
from app.web.desk import call_list as _call_list  # noqa: F401 - the same
from app.web.desk import callback_by_hand as _callback_by_hand  # noqa: F401 - the same
from app.web.desk import callbacks as _callbacks  # noqa: F401 - the same
from app.web.desk import case as _case  # noqa: F401 - the same
from app.web.desk import case_follow_up as _case_follow_up  # noqa: F401 - the same
from app.web.desk import case_list as _case_list  # noqa: F401 - the same
from app.web.desk import exports as _exports  # noqa: F401 - the same
from app.web.desk import figures as _figures  # noqa: F401 - the same
from app.web.desk import follow_up_list as _follow_up_list  # noqa: F401 - the same
from app.web.desk import hand_over as _hand_over  # noqa: F401 - the same
from app.web.desk import history as _history  # noqa: F401 - the same
from app.web.desk import municipalities_reached as _municipalities_reached  # noqa: F401 - the same
from app.web.desk import observation_edit as _observation_edit  # noqa: F401 - the same
from app.web.desk import observations as _observations  # noqa: F401 - the same
from app.web.desk import record as _record  # noqa: F401 - the same
from app.web.desk import record_case as _record_case  # noqa: F401 - the same
from app.web.desk import record_script as _record_script  # noqa: F401 - the same
from app.web.desk import records as _records  # noqa: F401 - the same
from app.web.desk import referral_edit as _referral_edit  # noqa: F401 - the same
from app.web.desk import referrals as _referrals  # noqa: F401 - the same
from app.web.desk import register as _register  # noqa: F401 - the same
from app.web.desk import release as _release  # noqa: F401 - the same
from app.web.desk import reports as _reports  # noqa: F401 - the same
from app.web.desk import retention as _retention  # noqa: F401 - the same
from app.web.desk import saved_views as _saved_views  # noqa: F401 - the same
from app.web.desk import social_offices as _social_offices  # noqa: F401 - the same
from app.web.desk import staffing as _staffing  # noqa: F401 - the same
from app.web.desk import time_notes as _time_notes  # noqa: F401 - the same
from app.web.desk import today as _today  # noqa: F401 - the same
from app.web.desk import today_actions as _today_actions  # noqa: F401 - the same
from app.web.desk import training as _training  # noqa: F401 - the same
from app.web.desk import training_edit as _training_edit  # noqa: F401 - the same
from app.web.desk import trends as _trends  # noqa: F401 - the same
