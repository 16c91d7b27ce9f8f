using System.Diagnostics;

namespace Actors.Embedded;

/// <summary>
/// Spans of grain calls, from the source <c>Actors.Embedded</c>. Nothing else of the caller's context reaches an activation, so
/// the span it is to be a part of travels with the call. What nobody listens to costs a call nothing.
/// </summary>
internal static class CallTracing
{
    public const string SourceName = "Actors.Embedded";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span the caller is in; to be asked where the call is made.</summary>
    public static ActivityContext CallerSpan => Source.HasListeners() && Activity.Current is { } caller ? caller.Context : default;

    /// <summary>Begins the span of a turn that is about to run on this thread.</summary>
    /// <param name="name">The method, as <c>IGrain.MethodAsync</c>.</param>
    /// <param name="caller">See <see cref="CallerSpan"/>; none: the call begins no trace of its own.</param>
    public static Activity? Begin(string name, ActivityContext caller) =>
        caller == default ? null : Source.StartActivity(name, ActivityKind.Internal, caller);

    public static void End(Activity? span, Exception? failure)
    {
        if (span is null)
        {
            return;
        }

        if (failure is not null)
        {
            // The type only: a message may quote what clients remember.
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("error.type", failure.GetType().FullName);
        }

        span.Stop();
    }
}
