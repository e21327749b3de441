"""A judge of AWS emulators: named checks of the network part of EC2, Lambda's control plane, IAM's roles, SSM, STS,
Service Quotas and the tagging API.

Every check states one thing that AWS documents or is known to do. The checks talk to an endpoint through
boto3 alone and know nothing of the emulator behind it.
"""
