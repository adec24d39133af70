using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Verifiers.Oracle;

/// <summary>What the oracle scores, section <c>Verifier</c> of the configuration.</summary>
public sealed class OracleOptions
{
    public const string Section = VerifierOptions.Section;

    public const string ClassProbability = "class-probability";
    public const string Fid = "fid";

    /// <summary>Either the probability of the class, or the distance of the growing set to real images.</summary>
    /// <value>Default: class-probability.</value>
    [AllowedValues(ClassProbability, Fid, ErrorMessage = $"Verifier:Score must be {ClassProbability} or {Fid}.")]
    public string Score { get; set; } = ClassProbability;
}
