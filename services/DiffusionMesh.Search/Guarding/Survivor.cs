namespace DiffusionMesh.Search.Guarding;

/// <summary>One of the best candidates so far.</summary>
/// <param name="Searched">Its z-score under the verifiers that select.</param>
/// <param name="HeldOut">Its mean z-score under those that are held out; null if none of them scored it.</param>
/// <param name="IsFinished">Whether it is a finished sample, not a draft.</param>
public readonly record struct Survivor(double Searched, double? HeldOut, bool IsFinished, SampleImage Image);
