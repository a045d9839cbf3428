"""The actions of the assistant, for the Rasa SDK's action server.

Thin: they read the tracker, ask `ges_connector.callbacks`, and turn what it decides into events
and responses. Importing the package registers the server plugin, in each spawned worker too.
"""

from rasa_sdk.plugin import plugin_manager

from actions.server import CallbackServer

_PLUGIN = "ges-callback"

if not plugin_manager().has_plugin(_PLUGIN):
    plugin_manager().register(CallbackServer(), name=_PLUGIN)
