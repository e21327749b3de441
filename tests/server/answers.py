"""Answers that AWS would give and moto does not: refusals in the wire form of each service."""

import json
import uuid
from xml.sax.saxutils import escape

JSON = ("ssm", "servicequotas", "tagging")


def error(call, status, code, message):
    """An error answer for `call`: (status, headers, body)."""
    request_id = str(uuid.uuid4())
    if call.service == "lambda":
        body = json.dumps({"Type": "User", "message": message, "Message": message})
        headers = {
            "Content-Type": "application/json",
            "x-amzn-ErrorType": code,
            "x-amzn-RequestId": request_id,
        }
    elif call.service in JSON:
        body = json.dumps({"__type": code, "message": message})
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": request_id}
    elif call.service == "ec2":
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
            f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
            f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
        headers = {"Content-Type": "text/xml;charset=UTF-8", "x-amzn-RequestId": request_id}
    else:
        body = (
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
            f"<Type>Sender</Type><Code>{escape(code)}</Code>"
            f"<Message>{escape(message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        headers = {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
    return status, headers, body.encode()


def throttled(call):
    if call.service == "ec2":
        return error(call, 503, "RequestLimitExceeded", "Request limit exceeded.")
    if call.service == "lambda":
        return error(call, 429, "TooManyRequestsException", "Rate exceeded")
    if call.service in JSON:
        return error(call, 400, "ThrottlingException", "Rate exceeded")
    return error(call, 400, "Throttling", "Rate exceeded")


def denied(call):
    """EC2 does not name the permission in its short form; the others do."""
    if call.service == "ec2":
        text = "You are not authorized to perform this operation."
        return error(call, 403, "UnauthorizedOperation", text)
    prefix = "tag" if call.service == "tagging" else call.service
    text = (
        "User: arn:aws:iam::123456789012:user/tester is not authorized to perform: "
        f"{prefix}:{call.action} because no identity-based policy allows it"
    )
    named = call.service == "lambda" or call.service in JSON
    code = "AccessDeniedException" if named else "AccessDenied"
    return error(call, 403, code, text)


def by_rule(rule, call):
    """The answer of a rule that refuses before anything happens, or None if it is of another kind."""
    spec = rule.spec
    if rule.kind == "throttle":
        return throttled(call)
    if rule.kind == "deny":
        return denied(call)
    if rule.kind == "error":
        status, code = spec.get("status", 400), spec["code"]
        return error(call, status, code, spec.get("message", f"{code} on demand"))
    if rule.kind == "nonsense":
        body = spec.get("body", "<html><body>It works!</body></html>").encode()
        return spec.get("status", 200), {"Content-Type": "text/html"}, body
    return None
