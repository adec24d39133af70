using System.Collections.Immutable;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>Splits a run from noise (level 1) to the finished sample (level 0) into legs.</summary>
public static class LevelGrid
{
    /// <summary>
    /// Legs of equal length, as nearly as whole steps allow. They meet where the steps of an uncut run would, levels
    /// falling by 1/steps a step, and have its steps and, samplers with a memory apart, its path.
    /// </summary>
    /// <param name="steps">Steps of the whole run, at least 1.</param>
    /// <param name="legs">At least 1; no more than there are steps are made.</param>
    public static ImmutableArray<Leg> Split(int steps, int legs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(legs, 1);
        var count = Math.Min(steps, legs);
        var grid = ImmutableArray.CreateBuilder<Leg>(count);
        for (var leg = 0; leg < count; leg++)
        {
            var (first, end) = (Boundary(leg), Boundary(leg + 1));
            grid.Add(new Leg(end - first, Level(first), Level(end)));
        }

        return grid.MoveToImmutable();

        int Boundary(int leg) => (int)((long)steps * leg / count);

        double Level(int step) => (double)(steps - step) / steps;
    }
}

/// <summary>A stretch of a run.</summary>
/// <param name="Steps">At least 1.</param>
/// <param name="FromLevel">Noise level at its beginning: 1 is noise.</param>
/// <param name="ToLevel">Noise level at its end: 0 is the finished sample.</param>
public readonly record struct Leg(int Steps, double FromLevel, double ToLevel);
