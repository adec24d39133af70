using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Feed.Tests.Inference;

public sealed class OnnxRuntimeTests
{
    [Fact]
    public void NativeLibrary_BesideTheBuild_IsTheVersionOfTheManagedSources() =>
        Assert.Equal("1.29.0", OrtEnv.Instance().GetVersionString());

    [Fact]
    public void Session_OfASmallModel_ComputesOnTheCpu()
    {
        using var session = new InferenceSession(SmallModel.Doubling());
        using var x = OrtValue.CreateTensorValueFromMemory(new[] { 1.5f, -4f }, [2]);
        using var options = new RunOptions();

        using var outputs = session.Run(options, ["x"], [x], ["y"]);

        Assert.Equal([3f, -8f], outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void AssemblyName_OfTheStandIn_IsThatOfThePublishedAssembly() =>
        Assert.Equal("Microsoft.ML.OnnxRuntime", typeof(InferenceSession).Assembly.GetName().Name);
}
