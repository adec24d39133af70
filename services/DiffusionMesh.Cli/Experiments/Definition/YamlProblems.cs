using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>What is wrong with an experiment file; all of it is told at once.</summary>
internal sealed class YamlProblems(string file)
{
    private readonly List<ViolationSection> _problems = [];

    public void Add(string place, string description)
    {
        var problem = new ViolationSection(null, place, description);
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    public bool Require(bool good, string place, string description)
    {
        if (!good)
        {
            Add(place, description);
        }

        return good;
    }

    /// <exception cref="CommandFailure">There is a problem.</exception>
    public void Throw()
    {
        if (_problems.Count > 0)
        {
            throw new CommandFailure(ExitCode.BadArguments, $"{file} is no experiment that can be run") { Violations = [.. _problems] };
        }
    }
}
