using System.Buffers;
using System.Text;
using System.Text.Json;
using Actors.Access;
using Actors.Api;
using Actors.Http;
using Microsoft.Extensions.Options;

namespace Actors.Changes;

/// <summary>
/// Writes changes as server-sent events, for as long as the client stays, its key holds and the service runs. Each event has the cursor after
/// it as its id. Heartbeats carry one too, so that who hears of nothing for long does not fall behind what is kept.
/// </summary>
internal sealed partial class ChangeStream(
    KeyTable keys, ChangeReaders readers, IOptions<ChangeStreamOptions> options, IHostApplicationLifetime lifetime, ILogger<ChangeStream> logger)
{
    private const string Start = "retry: 1000\n\n";

    // A page may hold 8 MiB and more.
    private const int FlushAt = 64 * 1024;

    /// <param name="http">The request; nothing of its answer was sent.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="feed">Where changes come from.</param>
    /// <param name="page">The first page.</param>
    public async Task WriteAsync(HttpContext http, Caller caller, ChangeFeedRequest request, IChangeQueryGrain feed, ChangePage page)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Proxies that collect answers before they pass them on.
        response.Headers["X-Accel-Buffering"] = "no";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            Write(response, Start);
            await WriteAsync(response, page, ended.Token);
            for (var after = page.Next; ;)
            {
                page = await feed.ReadAsync(request with { After = after, Visibility = caller.Visibility, Wait = options.Value.Heartbeat }, ended.Token);
                if (keys.Find(caller.KeyId) is not { } key || !key.Caller.MayRead(request.ClientId))
                {
                    return;
                }

                if (ReferenceEquals(key.Caller, caller))
                {
                    await WriteAsync(response, page, ended.Token);
                    after = page.Next;
                }

                // A key that was changed may see less than what was just read for it: that is read again.
                caller = key.Caller;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client went, or the service stops: it connects again.
        }
        catch (Exception failure) when (Errors.ProblemOf(failure, isRead: true) is { Status: StatusCodes.Status503ServiceUnavailable or StatusCodes.Status410Gone } problem)
        {
            // The status was sent. The client connects again after a second, and hears it then if it still is so.
            LogEnded(problem.Code);
        }
    }

    private async Task WriteAsync(HttpResponse response, ChangePage page, CancellationToken cancellationToken)
    {
        foreach (var change in page.Changes)
        {
            Write(response, $"id: {change.Cursor}\nevent: change\ndata: ");
            response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(ChangeView.Of(change), ApiJson.Answers.ChangeView));
            Write(response, "\n\n");
            if (response.BodyWriter.UnflushedBytes > FlushAt)
            {
                await response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        if (page is { Changes.IsEmpty: true, HasMore: false })
        {
            Write(response, $": heartbeat\nid: {page.Next}\n\n");
        }

        await response.BodyWriter.FlushAsync(cancellationToken);
        readers.Sent(page.Changes.Length, isStream: true);
    }

    private static void Write(HttpResponse response, string text) => Encoding.UTF8.GetBytes(text, response.BodyWriter);

    [LoggerMessage(Level = LogLevel.Information, Message = "A stream of changes ended: {Code}")]
    private partial void LogEnded(string code);
}
