"""The tiny frame of the probe: how a check is named, what it may demand and how it fails."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Callable

from botocore.exceptions import ClientError

THROTTLES = ("RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException")
BAD_PAGE_SIZE = ("InvalidParameterValue", "InvalidMaxResults")
BAD_TOKEN = ("InvalidNextToken", "InvalidPaginationToken", "InvalidParameterValue")


class Failed(Exception):
    """The emulator answered otherwise than AWS would; the text says how."""


@dataclass(frozen=True)
class Check:
    """One named statement on AWS's behaviour."""

    name: str
    module: str
    run: Callable


REGISTRY: list[Check] = []


def check(function):
    """Register a check under `<file>.<function>`, the name that reports and comparisons rely on."""
    module = function.__module__.rpartition(".")[2]
    REGISTRY.append(Check(f"{module}.{function.__name__}", module, function))
    return function


def require(condition, why):
    """Fail the check with one line of why unless the condition holds."""
    if not condition:
        raise Failed(why)


def same(found, wanted, what):
    """Demand one exact value."""
    require(found == wanted, f"{what} is {found!r}, not {wanted!r}")


def one(items, what):
    """Demand exactly one item and return it."""
    items = list(items)
    require(len(items) == 1, f"{len(items)} found instead of one: {what}")
    return items[0]


def code_of(error):
    """The error code of a botocore ClientError."""
    return error.response.get("Error", {}).get("Code", "")


def status_of(error):
    """The HTTP status of a botocore ClientError."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)


def refused(call, *codes, **params):
    """Demand that a call is refused with one of the codes, and return the error.

    A code may hold wildcards. Without any code every refusal that blames the caller will do: that is for
    refusals which are documented while their code is not. Throttling is never the refusal meant.
    """
    try:
        call(**params)
    except ClientError as error:
        code = code_of(error)
        require(400 <= status_of(error) < 500, f"answered HTTP {status_of(error)} {code}")
        require(code not in THROTTLES, f"throttled with {code}")
        fits = not codes or any(fnmatchcase(code, wanted) for wanted in codes)
        require(fits, f"refused with {code}, not {' or '.join(codes)}")
        return error
    raise Failed(f"accepted, instead of {' or '.join(codes) or 'a refusal'}")


def dry_run(call, **params):
    """Demand that a permitted dry run answers DryRunOperation, with AWS's own status for it."""
    error = refused(call, "DryRunOperation", DryRun=True, **params)
    same(status_of(error), 412, "the HTTP status of a dry run")


def unknown(prefix):
    """An id of the right shape that names nothing."""
    return f"{prefix}-0123456789abcdef0"


def pluck(items, key):
    """One member of every item."""
    return [item[key] for item in items]


def where(**named):
    """EC2 filters from keywords: underscores stand for hyphens and two of them for a dot."""
    return [
        {"Name": name.replace("__", ".").replace("_", "-"), "Values": [value] if isinstance(value, str) else value}
        for name, value in named.items()
    ]


def tag_filter(key, *values):
    """The filter on the value of one tag."""
    return {"Name": f"tag:{key}", "Values": list(values)}


def tag_list(tags):
    """A dictionary of tags as the list the API wants."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tagged(kind, **tags):
    """TagSpecifications that tag one kind of resource in the call that creates it."""
    return [{"ResourceType": kind, "Tags": tag_list(tags)}]


def tags_of(item):
    """The tags of a described resource as a dictionary."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}


def pages_of(call, key, **params):
    """All pages of a listing, as lists; stops after fifty so that a circle of tokens ends."""
    pages, token = [], {}
    while len(pages) < 50:
        answer = call(**params, **token)
        pages.append(answer[key])
        if not answer.get("NextToken"):
            return pages
        token = {"NextToken": answer["NextToken"]}
    raise Failed("the pages never end")


def pages_hold(call, key, identity, wanted, **params):
    """Demand that pages of five hold exactly the wanted ids, each once, on more than one page."""
    pages = pages_of(call, key, MaxResults=5, **params)
    require(len(pages) > 1, f"{len(pages[0])} items came on a single page of five")
    require(all(len(page) <= 5 for page in pages), "a page holds more than MaxResults items")
    same(sorted(item[identity] for page in pages for item in page), sorted(wanted), "what the pages hold")


def page_size_is_bounded(cloud, operation, smallest, largest):
    """Demand that MaxResults is refused on either side of its documented range."""
    for size in (smallest - 1, largest + 1):
        refused(cloud.raw, *BAD_PAGE_SIZE, operation=operation, body={"MaxResults": str(size)})


def token_is_verified(call):
    """Demand that an invented NextToken is refused."""
    refused(call, *BAD_TOKEN, NextToken="not-a-token")
