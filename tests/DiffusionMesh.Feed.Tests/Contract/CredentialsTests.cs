using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class CredentialsTests
{
    private static readonly CallCredentials Token = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);

    [Fact]
    public void ChannelCredentials_OfEachKind_ShowWhatTheyAre()
    {
        var pair = new KeyCertificatePair("chain", "key");
        bool Verify(VerifyPeerContext context) => true;
        VerifyPeerCallback verify = Verify;

        Assert.Equal("insecure", Show(ChannelCredentials.Insecure));
        Assert.Equal("ssl (, , False)", Show(ChannelCredentials.SecureSsl));
        Assert.Equal("ssl (roots, chain+key, True)", Show(new SslCredentials("roots", pair, verify)));
        Assert.Equal(
            "composite (ssl (roots, , False), True)", Show(ChannelCredentials.Create(new SslCredentials("roots"), Token)));
    }

    [Fact]
    public void InsecureCredentials_ComposedWithCallCredentials_AreRefused() =>
        Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, Token));

    [Fact]
    public void ComposedChannelCredentials_ComposedAgain_AreRefused() =>
        Assert.Throws<ArgumentException>(
            () => ChannelCredentials.Create(ChannelCredentials.Create(ChannelCredentials.SecureSsl, Token), Token));

    [Fact]
    public void CallCredentials_OfEachKind_ShowWhatTheyAre()
    {
        var shown = new ShownCallCredentials();

        Token.InternalPopulateConfiguration(shown, "state");
        CallCredentials.Compose(Token, Token, Token).InternalPopulateConfiguration(shown, "state");

        Assert.Equal(["state interceptor", "state composite of 3"], shown.Calls);
    }

    [Fact]
    public void Compose_OfFewerThanTwo_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose());
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(Token));
    }

    private static string Show(ChannelCredentials credentials)
    {
        var shown = new ShownChannelCredentials();
        credentials.InternalPopulateConfiguration(shown, null);
        return shown.Text;
    }

    private sealed class ShownChannelCredentials : ChannelCredentialsConfiguratorBase
    {
        public string Text { get; private set; } = "";

        public override void SetInsecureCredentials(object? state) => Text = "insecure";

        public override void SetSslCredentials(
            object? state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
        {
            var pair = keyCertificatePair is null ? "" : $"{keyCertificatePair.CertificateChain}+{keyCertificatePair.PrivateKey}";
            Text = $"ssl ({rootCertificates}, {pair}, {verifyPeerCallback is not null})";
        }

        public override void SetCompositeCredentials(
            object? state, ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
            Text = $"composite ({Show(channelCredentials)}, {ReferenceEquals(callCredentials, Token)})";
    }

    private sealed class ShownCallCredentials : CallCredentialsConfiguratorBase
    {
        public List<string> Calls { get; } = [];

        public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials) =>
            Calls.Add($"{state} composite of {credentials.Count}");

        public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) =>
            Calls.Add($"{state} interceptor");
    }
}
