using System.Buffers;
using System.Text;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class MarshallerTests
{
    [Fact]
    public void StringMarshaller_RoundTrips_AsUtf8()
    {
        var bytes = Marshallers.StringMarshaller.Serializer("grün");

        Assert.Equal("grün"u8.ToArray(), bytes);
        Assert.Equal("grün", Marshallers.StringMarshaller.Deserializer(bytes));
    }

    [Fact]
    public void Marshaller_OfArrayFunctions_AlsoSpeaksToContexts()
    {
        var marshaller = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
        var contextual = Marshallers.Create(marshaller.ContextualSerializer, marshaller.ContextualDeserializer);

        Assert.Equal("text"u8.ToArray(), contextual.Serializer("text"));
        Assert.Equal("text", contextual.Deserializer("text"u8.ToArray()));
    }

    [Fact]
    public void Marshaller_OfContextFunctions_AlsoSpeaksInArrays()
    {
        var marshaller = Marshallers.Create<string>(
            (text, context) =>
            {
                context.SetPayloadLength(text.Length);
                context.GetBufferWriter().Write(Encoding.UTF8.GetBytes(text));
                context.Complete();
            },
            context =>
            {
                Assert.Equal(4, context.PayloadLength);
                return Encoding.UTF8.GetString(context.PayloadAsReadOnlySequence());
            });

        Assert.Equal("text"u8.ToArray(), marshaller.Serializer("text"));
        Assert.Equal("text", marshaller.Deserializer("text"u8.ToArray()));
    }

    [Fact]
    public void Serializer_ThatCompletesNothingOrTwice_IsRefused()
    {
        var never = Marshallers.Create<string>((_, _) => { }, _ => "");
        var twice = Marshallers.Create<string>(
            (_, context) =>
            {
                context.Complete([]);
                context.Complete([]);
            },
            _ => "");

        Assert.Throws<InvalidOperationException>(() => never.Serializer(""));
        Assert.Throws<InvalidOperationException>(() => twice.Serializer(""));
    }

    [Fact]
    public void Method_OfServiceAndName_HasAPath()
    {
        var method = new Method<string, string>(
            MethodType.DuplexStreaming, "a.B", "C", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        Assert.Equal(("/a.B/C", "a.B", "C", MethodType.DuplexStreaming), (method.FullName, method.ServiceName, method.Name, method.Type));
    }
}
