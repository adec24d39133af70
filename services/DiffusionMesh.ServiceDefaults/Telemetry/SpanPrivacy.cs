using System.Diagnostics;
using OpenTelemetry;

namespace DiffusionMesh.ServiceDefaults.Telemetry;

/// <summary>Spans whose error must not tell everything: it is rewritten before the span is exported.</summary>
public static class SpanPrivacy
{
    private const string Property = "diffusionmesh.hide";

    /// <summary>Has the text of a span's error rewritten.</summary>
    public static void Hide(this Activity span, Func<string, string> hide) => span.SetCustomProperty(Property, hide);

    /// <summary>The same rewriting as that of another span.</summary>
    public static void HideAs(this Activity span, Activity other) => span.SetCustomProperty(Property, other.GetCustomProperty(Property));

    internal sealed class Filter : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.StatusDescription is { } description && data.GetCustomProperty(Property) is Func<string, string> hide)
            {
                data.SetStatus(data.Status, hide(description));
            }
        }
    }
}
