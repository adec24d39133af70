namespace DiffusionMesh.Benchmarks.Scaling;

/// <summary>Bytes of one candidate on its way.</summary>
/// <param name="Asked">Its part of the request to the denoiser.</param>
/// <param name="Answered">The denoiser's answer.</param>
/// <param name="Verifiers">How many score it.</param>
/// <param name="Scored">Its part of the request to one verifier.</param>
/// <param name="Journal">All of its entries.</param>
/// <param name="Entries">Their number.</param>
internal sealed record CandidateBytes(long Asked, long Answered, int Verifiers, long Scored, long Journal, int Entries);
