using System.Text;
using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Inference.Tests.Manifests;

public class ManifestReaderTests
{
    public static TheoryData<string, string, string> Broken => new()
    {
        // Path to a field of fashion-flow's manifest, JSON to put there ("" removes it), what the error must say.
        { "schema", "2", "schema 2 is not supported" },
        { "name", "\"Fashion Flow\"", "name must be 1 to 64 lower-case letters" },
        { "name", "", "is missing 'name'" },
        { "version", "\" \"", "version must not be empty" },
        { "kind", "\"gan\"", "kind \"gan\" is unknown; known are: aesthetic, classifier, clip, denoiser, dino" },
        { "kind", "", "kind is required" },
        { "colour", "1", "has no field 'colour'" },
        { "form.type", "\"cosine\"", "form.type \"cosine\" is unknown; known are: edm, gvp, linear-flow, sub-vp, ve, vp, vp-cosine" },
        { "form.type", "", "form: is missing 'type'" },
        { "prediction", "\"score\"", "prediction \"score\" is unknown; known are: edm, epsilon, v, velocity, x0" },
        { "prediction", "\"epsilon\"", "says nothing of the data at the pure noise where form \"linear-flow\" begins" },
        { "prediction", "null", "prediction: " },
        { "schedule.type", "\"cosine\"", "schedule.type \"cosine\" is unknown" },
        { "latent.shape", "[1, 32]", "latent.shape must be [C, H, W]" },
        { "latent.shape", "[1, 32, 0]", "latent.shape must be [C, H, W]" },
        { "latent.shape", "[1, 36, 32]", "latent.shape must have H and W in multiples of spatial_multiple, 8" },
        { "latent.shape", "[3, 32, 32]", "image must have the latent's shape" },
        { "latent.shape", "\"1x32x32\"", "latent.shape: " },
        { "latent.scale", "0", "latent.scale must be a number above 0" },
        { "latent.spatial_multiple", "0", "latent.spatial_multiple must be at least 1" },
        { "image.channels", "2", "image.channels must be 1 (grey) or 3 (RGB)" },
        { "image.range", "[1, -1]", "image.range must be two numbers, the lower first" },
        { "conditioning.classes", "[\"a\", \"a\"]", "conditioning.classes must be names, each once" },
        { "conditioning.class_none", "3", "conditioning.class_none must be a label that is not a class" },
        { "conditioning.text", "null", "components.text_encoder must be given if and only if conditioning.text is" },
        { "conditioning.text.tokenizer", "\"../tokenizer.json\"", "conditioning.text.tokenizer \"../tokenizer.json\" must be the name of a file inside" },
        { "conditioning.text.dimension", "0", "conditioning.text.dimension must lie in 1 to 65536" },
        { "components.denoiser", "null", "components.denoiser is required" },
        { "components.denoiser.file", "\"../../etc/passwd\"", "components.denoiser.file \"../../etc/passwd\" must be the name of a file inside" },
        { "components.denoiser.file", "\"/etc/passwd\"", "components.denoiser.file" },
        { "components.denoiser.file", "\"..\"", "components.denoiser.file" },
        { "components.denoiser.file", "\"sub\\\\denoiser.onnx\"", "components.denoiser.file" },
        { "components.denoiser.file", "\"\"", "components.denoiser.file" },
        { "components.denoiser.sha256", "\"abc\"", "components.denoiser.sha256 must be 64 lower-case hexadecimal digits" },
        { "components.decoder", "{\"file\":\"d.onnx\",\"sha256\":\"0\"}", "components.decoder.sha256 must be 64 lower-case hexadecimal digits" },
        { "defaults.sampler", "\"magic\"", "defaults.sampler \"magic\" is unknown; known are: amed, ddim, ddpm, dpmpp-2m, dpmpp-2m-sde, euler, euler-ancestral, heun" },
        { "defaults.steps", "0", "defaults.steps must lie in 1 to 1000" },
        { "sigma_data", "0.5", "sigma_data is for the prediction \"edm\"; leave it out" },
        { "amed", "{\"3\":[{\"r\":0.5,\"c\":1,\"a\":1}]}", "amed.3 must have one entry for each step but the last" },
        { "amed", "{\"1\":[]}", "amed.1 must have one entry" },
        { "amed", "{\"2\":[{\"r\":1,\"c\":1,\"a\":1}]}", "amed.2 must have r between 0 and 1, c and a above 0" },
        { "amed", "{\"2\":[{\"r\":0.5,\"c\":0,\"a\":1}]}", "amed.2 must have r between 0 and 1, c and a above 0" },
        { "amed", "{\"two\":[]}", "amed" },
        { "cost", "{\"flops_per_row\":0}", "cost.flops_per_row must be above 0" },
        { "defaults.guidance", "-1", "defaults.guidance must be a number of 0 or more" },
    };

    [Theory]
    [InlineData("fashion-flow", typeof(DenoiserManifest))]
    [InlineData("fashion-clip", typeof(ClipManifest))]
    public void Read_EmbeddedModel_IsAccepted(string model, Type type)
    {
        var manifest = ManifestReader.Read(ModelFolderCopy.Manifest(model, _ => { }));

        Assert.IsType(type, manifest);
        Assert.Equal(model, manifest.Name);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_BrokenField_NamesIt(string path, string json, string expected)
    {
        var manifest = ModelFolderCopy.Manifest("fashion-flow", root => ModelFolderCopy.Put(root, path, json));

        var error = Assert.Throws<ModelLoadException>(() => ManifestReader.Read(manifest));

        Assert.StartsWith("manifest.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PredictionEdmAndFittedParameters_AreAccepted()
    {
        var manifest = (DenoiserManifest)ManifestReader.Read(ModelFolderCopy.Manifest("fashion-flow", root =>
        {
            ModelFolderCopy.Put(root, "prediction", "\"edm\"");
            ModelFolderCopy.Put(root, "sigma_data", "0.4");
            ModelFolderCopy.Put(root, "amed", "{\"2\":[{\"r\":0.4,\"c\":1.1,\"a\":0.9}]}");
        }));

        Assert.Equal(.4, manifest.SigmaData);
        Assert.Equal(new AmedSpec(.4, 1.1, .9), Assert.Single(manifest.Amed![2]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"kind\":\"denoiser\",\"kind\":\"clip\"}")]
    [InlineData("{\"kind\":7}")]
    public void Read_NoManifestAtAll_IsRefused(string json)
    {
        Assert.Throws<ModelLoadException>(() => ManifestReader.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Read_SeveralBrokenFields_NamesAll()
    {
        var manifest = ModelFolderCopy.Manifest("fashion-flow", root =>
        {
            ModelFolderCopy.Put(root, "defaults.steps", "0");
            ModelFolderCopy.Put(root, "latent.scale", "-1");
        });

        var error = Assert.Throws<ModelLoadException>(() => ManifestReader.Read(manifest));

        Assert.Contains("defaults.steps", error.Message, StringComparison.Ordinal);
        Assert.Contains("latent.scale", error.Message, StringComparison.Ordinal);
    }
}
