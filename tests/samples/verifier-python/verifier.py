"""A verifier of your own: scores how bright (or how dark) an image is.

python3 verifier.py ADDRESS [bright|dark], for example: python3 verifier.py 127.0.0.1:5190 dark

Stubs: protoc -I protos --plugin=protoc-gen-grpc_python=$(command -v grpc_python_plugin) --python_out=DIR
  --grpc_python_out=DIR protos/diffusionmesh/*/v1/*.proto, and DIR on PYTHONPATH.
"""

import hashlib
import signal
import sys
from concurrent import futures

import grpc
from diffusionmesh.tensor.v1 import tensor_pb2
from diffusionmesh.verifier.v1 import verifier_pb2 as messages
from diffusionmesh.verifier.v1 import verifier_pb2_grpc


class Brightness(verifier_pb2_grpc.VerifierServiceServicer):
    """Mean of the pixels, 0 (black) to 1 (white); of its opposite where dark images are preferred."""

    def __init__(self, prefers: str):
        self.prefers = prefers
        self.digest = "sha256:" + hashlib.sha256(f"brightness, {prefers}".encode()).hexdigest()

    def Describe(self, request, context):
        verifier = messages.Verifier(
            name="brightness", version=f"1.0.0-{self.prefers}", weights_digest=self.digest,
            minimum=0, maximum=1, higher_is_better=True, max_batch_size=64, compute_class="cpython",
            description=f"Mean of the pixels; {self.prefers} images are best.", license="Apache-2.0",
            condition_kinds=[messages.CONDITION_KIND_NONE, messages.CONDITION_KIND_PROMPT, messages.CONDITION_KIND_CLASS])
        verifier.images.add(name="final", kind=messages.IMAGE_KIND_FINAL)
        return messages.DescribeResponse(verifier=verifier)

    def Score(self, request, context):
        if request.weights_digest not in ("", self.digest):
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"these weights are {self.digest}")
        response = messages.ScoreResponse(weights_digest=self.digest)
        for candidate in request.candidates:
            score = response.scores.add(candidate_id=candidate.id)
            image = next((named.image for named in candidate.images if named.name == "final"), None)
            if image is None or image.data_type != tensor_pb2.DATA_TYPE_UINT8 or not image.data:
                score.error.reason, score.error.message = "IMAGE_MISSING", "needs an 8-bit image named 'final'"
                continue
            brightness = sum(image.data) / (255 * len(image.data))
            score.value = brightness if self.prefers == "bright" else 1 - brightness
        return response


def main():
    address, prefers = sys.argv[1], (sys.argv[2:] or ["bright"])[0]
    # The orchestrator pings a verifier that is silent for five seconds: without the second option, that counts as abuse.
    options = [("grpc.so_reuseport", 0), ("grpc.http2.min_ping_interval_without_data_ms", 1000)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=options)
    verifier_pb2_grpc.add_VerifierServiceServicer_to_server(Brightness(prefers), server)
    port = server.add_insecure_port(address)
    server.start()
    print(f"listening {port}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: server.stop(grace=1))
    server.wait_for_termination()


main()
