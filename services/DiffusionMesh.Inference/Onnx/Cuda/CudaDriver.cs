using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace DiffusionMesh.Inference.Onnx.Cuda;

/// <summary>What NVIDIA's driver says of the devices.</summary>
internal static partial class CudaDriver
{
    private const string Library = "cuda";
    private const int Success = 0;
    private const int MaxNameLength = 256;
    private const int NeededVersion = 13_000;

    static CudaDriver() => NativeLibrary.SetDllImportResolver(typeof(CudaDriver).Assembly, Resolve);

    /// <returns>The device's name, for example "NVIDIA H200".</returns>
    /// <exception cref="ProviderUnavailableException">There is no driver that is new enough, or no such device.</exception>
    public static string NameOf(int deviceId)
    {
        try
        {
            if (cuInit(0) is var status and not Success)
            {
                throw new ProviderUnavailableException($"the NVIDIA driver finds no usable device (cuInit gives {status})", "Give this process a device");
            }

            if (cuDriverGetVersion(out var version) != Success || version < NeededVersion)
            {
                throw new ProviderUnavailableException(
                    $"the NVIDIA driver supports CUDA {version / 1000}.{version % 1000 / 10}", $"Install one that supports {NeededVersion / 1000}.0 or later");
            }

            if (cuDeviceGetCount(out var count) != Success || deviceId >= count || deviceId < 0)
            {
                throw new ProviderUnavailableException($"there is no device {deviceId}, there are {count}", "Count from 0 in the device's number");
            }

            var name = new byte[MaxNameLength];
            return cuDeviceGet(out var device, deviceId) == Success && cuDeviceGetName(name, name.Length, device) == Success
                ? Encoding.UTF8.GetString(name.AsSpan(0, Math.Max(0, name.IndexOf((byte)0))))
                : throw new ProviderUnavailableException($"the NVIDIA driver does not answer for device {deviceId}", "Check it with nvidia-smi");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new ProviderUnavailableException("this machine has no NVIDIA driver", "Run on one that has, in a container with its devices", e);
        }
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name == Library)
        {
            foreach (var candidate in OperatingSystem.IsWindows() ? ["nvcuda.dll"] : (string[])["libcuda.so.1", "libcuda.so"])
            {
                if (NativeLibrary.TryLoad(candidate, out var handle))
                {
                    return handle;
                }
            }
        }

        return IntPtr.Zero;
    }

    [LibraryImport(Library)]
    private static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    private static partial int cuDriverGetVersion(out int version);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetCount(out int count);

    [LibraryImport(Library)]
    private static partial int cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetName([Out] byte[] name, int length, int device);
}
