using DiffusionMesh.Search.Algorithms;
using AlgorithmMessage = DiffusionMesh.Contracts.SearchV1.Algorithm;
using ParameterMessage = DiffusionMesh.Contracts.SearchV1.AlgorithmParameter;

namespace DiffusionMesh.Contracts;

/// <summary>Writes what algorithms say of themselves.</summary>
public static class AlgorithmMapping
{
    public static AlgorithmMessage ToMessage(ISearchAlgorithm algorithm) => new()
    {
        Name = algorithm.Name,
        Description = algorithm.Description,
        Parameters =
        {
            algorithm.Parameters.Select(parameter => new ParameterMessage
            {
                Name = parameter.Name,
                Description = parameter.Description,
                DefaultValue = parameter.DefaultText,
            }),
        },
    };
}
