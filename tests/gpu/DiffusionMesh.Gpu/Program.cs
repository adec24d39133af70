using System.Text.Json;
using DiffusionMesh.Gpu;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

// Usage: DiffusionMesh.Gpu MODEL_FOLDER OUTPUT_FOLDER [cuda|cpu]. With cpu, the same on the processor: a trial of this program.
var (model, output) = (args[0], Directory.CreateDirectory(args[1]).FullName);
var provider = Enum.Parse<OnnxProvider>(args.ElementAtOrDefault(2) ?? "cuda", ignoreCase: true);
var device = new OnnxOptions { Provider = provider }.Decide();

var sample = Sample.Evaluate(model, new OnnxOptions());
sample.Save(output);
var difference = sample.DifferenceFrom(Sample.Evaluate(model, device));
Sample.RequireSmall(difference);

var speed = new Dictionary<string, IReadOnlyList<BatchPoint>> { [Speed.Name(device)] = Speed.Measure(model, device) };
var probe = Speed.Probe(model, device);
if (provider == OnnxProvider.Cuda)
{
    var graphs = device with { CudaGraphs = true };
    Sample.RequireSmall(sample.DifferenceFrom(Sample.Evaluate(model, graphs)));
    speed[Speed.Name(graphs)] = Speed.Measure(model, graphs);
}

var result = new Result(probe.Manifest.Name, probe.ComputeClass, probe.Determinism.ToString(), difference, speed);
File.WriteAllText(Path.Combine(output, "result.json"), JsonSerializer.Serialize(result, Result.Json));
Console.WriteLine($"{result.Model} on {result.ComputeClass}: rows are {result.Determinism}, at most {difference:G3} from the processor's");
