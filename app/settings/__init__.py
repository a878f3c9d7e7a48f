"""What one deployment runs with: config.toml and the environment as frozen values, or a refusal to start."""

from app.settings.loading import config_file, load_settings
from app.settings.values import MailSettings, Mode, Settings, TwilioSettings

__all__ = ["MailSettings", "Mode", "Settings", "TwilioSettings", "config_file", "load_settings"]
