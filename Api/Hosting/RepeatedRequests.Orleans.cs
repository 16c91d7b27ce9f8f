using System.Runtime.ExceptionServices;
using Actors.Api;
using Actors.Idempotency;

namespace Actors.Hosting;

/// <summary>
/// Carries out a request again whose silo went while it worked on it, if that is safe: one that only reads, or a POST that carries an
/// Idempotency-Key. Its grains come up on another silo once theirs has been declared dead.
/// </summary>
internal sealed partial class RepeatedRequests(RequestDelegate next, TimeProvider time, ILogger<RepeatedRequests> logger)
{
    /// <summary>After so long the client hears of it: usually enough for a silo to be declared dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) => IsRepeatable(context) ? RepeatAsync(context) : next(context);

    private async Task RepeatAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Request.EnableBuffering(bufferThreshold: Http.HttpSetup.MaxBodyBytes);
        }

        Exception? doubt = null;
        for (var delay = FirstDelay; ; delay = delay * 2 < LastDelay ? delay * 2 : LastDelay)
        {
            try
            {
                await next(context);
                return;
            }
            catch (Exception failure) when (IsPassing(failure) && !context.Response.HasStarted && time.GetElapsedTime(start) + delay < Patience)
            {
                doubt ??= IsUncertain(failure) ? failure : null;
                var errorType = failure.GetType().Name;
                LogAgain(errorType, delay.TotalMilliseconds);
            }
            catch (Exception failure) when (doubt is not null && Errors.ProblemOf(failure, isRead: false) is { Status: 503, OutcomeUnknown: not true })
            {
                // Nothing came of this attempt, but something may have come of an earlier one.
                ExceptionDispatchInfo.Throw(doubt);
            }

            await Task.Delay(delay, time, context.RequestAborted);
            if (context.Request.Body.CanSeek)
            {
                context.Request.Body.Position = 0;
            }
        }
    }

    private static bool IsRepeatable(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        || context.GetEndpoint()?.Metadata.GetMetadata<ReadsOnly>() is not null
        || (HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.ContainsKey(IdempotentWrites.Header));

    // What silos that come and go bring about. That none is there at all, or that one has too much to do, may last: who asks is
    // told at once.
    private static bool IsPassing(Exception failure) => failure
        is (OrleansException and not LimitExceededException and not GatewayTooBusyException) or WritesSuspendedException { IsServedElsewhere: true };

    private static bool IsUncertain(Exception failure) => Errors.ProblemOf(failure, isRead: false).OutcomeUnknown == true;

    [LoggerMessage(Level = LogLevel.Information, Message = "A request met {ErrorType} and is carried out again in {DelayMs} ms")]
    private partial void LogAgain(string errorType, double delayMs);
}
