"""The other client: boto3, asked from the tests, to look at (and tamper with) what killick made."""

import base64
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

OBSERVER = "killick-tests-observer"


class Aws:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.lock = threading.Lock()
        self.clients = {}

    def call(self, request):
        observer = request.get("observer", True)
        region = request.get("region", "ap-northeast-1")
        endpoint = request.get("endpoint") or self.endpoint
        client = self._client(request["service"], region, observer, endpoint)
        operation = getattr(client, request["operation"])
        try:
            answer = operation(**_decode(request.get("args", {})))
        except ClientError as error:
            detail = error.response.get("Error", {})
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            return {
                "error": {
                    "code": detail.get("Code"),
                    "message": detail.get("Message"),
                    "status": status,
                }
            }
        except (BotoCoreError, ResponseParserError) as error:
            return {"error": {"code": type(error).__name__, "message": str(error), "status": None}}
        answer.pop("ResponseMetadata", None)
        return {"ok": answer}

    def _client(self, service, region, observer, endpoint):
        key = (service, region, observer, endpoint)
        with self.lock:
            if key not in self.clients:
                self.clients[key] = boto3.client(
                    service,
                    endpoint_url=endpoint,
                    region_name=region,
                    aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                    aws_secret_access_key="observer",
                    config=Config(
                        user_agent_extra=OBSERVER if observer else None,
                        retries={"total_max_attempts": 1},
                    ),
                )
            return self.clients[key]


def _decode(value):
    """JSON has no bytes: {"$base64": "…"} stands for them."""
    if isinstance(value, dict):
        if set(value) == {"$base64"}:
            return base64.b64decode(value["$base64"])
        return {name: _decode(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_decode(item) for item in value]
    return value
