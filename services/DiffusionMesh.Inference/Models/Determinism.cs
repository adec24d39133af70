namespace DiffusionMesh.Inference.Models;

/// <summary>Whether a row's bits depend on the rows beside it, found out when the model is loaded.</summary>
public enum Determinism
{
    /// <summary>A row gives the same bits alone and in every batch that was tried.</summary>
    Exact,

    /// <summary>A row gives the same bits as long as the number of rows is the same, so every evaluation is filled up to one number.</summary>
    Padded,

    /// <summary>A row's bits depend on its neighbours, or padding was not asked for.</summary>
    None,
}
