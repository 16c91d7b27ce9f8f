using Actors.Access;
using Actors.Http;
using Actors.OpenApi;
using Actors.Zep;

namespace Actors.Changes;

/// <summary>The route of the change feed: pages, or a stream for those who accept one.</summary>
internal static class ChangeApi
{
    public const int DefaultPage = 50;

    public static void AddChangeApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ChangeStreamOptions>().BindConfiguration("Changes")
            .Validate(o => o.Heartbeat > TimeSpan.Zero && o.Heartbeat <= ChangeFeedRequest.LongestWait, "Changes:Heartbeat must be positive, and 20 s at most.")
            .Validate(o => o.MaxStreams >= 1, "Changes:MaxStreams must be at least 1.")
            .ValidateOnStart();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<ChangeReaders>();
        builder.Services.AddSingleton<ChangeStream>();
    }

    public static void MapChanges(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/memory/changes", ReadAsync).Describes(() => ChangeDocs.Read);
        app.MapWebhooks();
        app.MapOutbox();
    }

    private static async Task<IResult> ReadAsync(
        HttpContext http, Caller caller, IGrainFactory grains, ChangeReaders readers, ChangeStream stream, CancellationToken cancellationToken)
    {
        var (request, cursorIn) = ChangeBinding.Read(http.Request);
        caller.EnsureMayRead(request.ClientId);
        request = request with { Visibility = caller.Visibility };
        var isStream = ChangeBinding.AcceptsStream(http.Request);
        using var place = isStream || request.Wait > TimeSpan.Zero ? readers.Enter(isStream) : null;
        var feed = grains.GetGrain<IChangeQueryGrain>(IChangeQueryGrain.Key);
        ChangePage page;
        try
        {
            page = await feed.ReadAsync(isStream ? request with { Wait = TimeSpan.Zero } : request, cancellationToken);
        }
        catch (MalformedCursorException)
        {
            throw new InvalidRequestException(cursorIn, ChangeBinding.ExpectedCursor);
        }

        if (isStream)
        {
            await stream.WriteAsync(http, caller, request, feed, page);
            return Results.Empty;
        }

        readers.Sent(page.Changes.Length, isStream: false);
        return TypedResults.Json(ChangeList.Of(page), ApiJson.Answers.ChangeList);
    }
}

/// <summary>How the change feed is served. Configuration section <c>Changes</c>.</summary>
internal sealed class ChangeStreamOptions
{
    /// <summary>How long a stream is silent at most before it sends a comment, by which proxies and clients know that it lives: above zero, at most 20 s; default 15 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most streams, and pages that are waited for, at a time in this process, at least 1; default 100. One more is answered with 503 <c>too_many_streams</c>.</summary>
    public int MaxStreams { get; set; } = 100;
}
