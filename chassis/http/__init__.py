"""FastAPI, once for all services: routes that declare who may call, one transaction a request, problem+json."""

from chassis.http.api import PUBLIC, Api
from chassis.http.app import ServiceSpec, build_app
from chassis.http.context import Context, Ctx
from chassis.http.params import CursorParam, Limit

__all__ = ["PUBLIC", "Api", "Context", "Ctx", "CursorParam", "Limit", "ServiceSpec", "build_app"]
