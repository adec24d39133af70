"""Asks a server whether a service of it is ready: python3 health.py ADDRESS SERVICE

Stubs: protoc -I protos/grpc/health/v1 --python_out=DIR --grpc_python_out=DIR health.proto, DIR on PYTHONPATH.
"""

import sys

import grpc
import health_pb2 as messages
import health_pb2_grpc

address, service = sys.argv[1:]
with grpc.insecure_channel(address) as channel:
    answer = health_pb2_grpc.HealthStub(channel).Check(messages.HealthCheckRequest(service=service))
print(messages.HealthCheckResponse.ServingStatus.Name(answer.status))
