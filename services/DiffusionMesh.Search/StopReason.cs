namespace DiffusionMesh.Search;

/// <summary>Why a search ended.</summary>
public enum StopReason
{
    /// <summary>The next candidate would not have fitted into the budget.</summary>
    BudgetSpent,

    /// <summary>The algorithm had nothing more to propose.</summary>
    Completed,

    /// <summary>The search score reached the target.</summary>
    TargetReached,

    /// <summary>The next round would have begun too late.</summary>
    TimeLimit,

    /// <summary>Its user ended it.</summary>
    Cancelled,

    /// <summary>It could not go on.</summary>
    Error,

    /// <summary>The score it searches rose while those that are held out fell.</summary>
    Hacking,
}
