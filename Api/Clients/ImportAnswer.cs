using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Api;
using Actors.Hosting;
using Actors.Http;
using Actors.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Actors.Clients;

/// <summary>
/// Takes an import as it is sent, and tells of it while it works: a line now and then, and one at the end. What goes wrong before the first
/// line is an answer like any other; later it is the last line.
/// </summary>
internal static partial class ImportAnswer
{
    // A line of progress after so many rows, or after so long.
    private const long ProgressRows = 50_000;
    private static readonly TimeSpan ProgressTime = TimeSpan.FromSeconds(5);

    // The server gives up a body that stops for 5 s. An export that is sent on as it comes may stop for longer, and the import waits for so long.
    private static readonly MinDataRate Patience = new(bytesPerSecond: 1, gracePeriod: TimeSpan.FromSeconds(60));

    public static async Task TakeAsync(string id, HttpContext http, IGrainFactory grains, TimeProvider time, ILogger<Errors> logger)
    {
        var clientId = ClientPath.Of(id);
        if (!IsNdjson(http.Request.ContentType))
        {
            throw new UnsupportedBodyException(ExportAnswer.ContentType);
        }

        // Read as a stream, so that only its lines are bounded.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = Patience;
        }

        var import = grains.GetGrain<IImportGrain>($"{Guid.NewGuid():N}");
        try
        {
            await import.BeginAsync(clientId, http.RequestAborted);
            await AddAsync(import, http, time);
            // Its outcome is to be known, whether the caller still waits or not.
            var receipt = await import.CommitAsync(CancellationToken.None);
            await SayAsync(http, new JsonObject
            {
                ["type"] = "done",
                ["rows"] = new JsonObject(receipt.Rows.Select(table => KeyValuePair.Create(table.Table, (JsonNode?)table.Rows))),
                ["unlinked"] = receipt.Unlinked,
            });
        }
        catch (Exception failure) when (!http.Response.HasStarted && failure is not OperationCanceledException)
        {
            // A sender that is busy sending hears of it all the same, unless there is much to come.
            await SkipAsync(http, HttpSetup.MaxSkippedBytes);
            throw;
        }
        catch (Exception failure) when (http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            var answer = Errors.ProblemOf(failure, isRead: false);
            LogEnded(logger, answer.Status >= StatusCodes.Status500InternalServerError ? failure : null, answer.Code);
            var problem = answer.ToJson().AsObject();
            problem.Insert(0, "type", "error");
            await SayAsync(http, problem);
            // The status says nothing, so the line must arrive: a connection that is closed on a sender may lose it.
            await SkipAsync(http, long.MaxValue);
        }
        finally
        {
            await TryEndAsync(import);
        }
    }

    private static async Task AddAsync(IImportGrain import, HttpContext http, TimeProvider time)
    {
        var body = new NdjsonBody(http.Request.Body);
        var (said, saidAt) = (0L, time.GetTimestamp());
        while (await body.ReadAsync(http.RequestAborted) is { Length: > 0 } lines)
        {
            var rows = await import.AddAsync(ImmutableCollectionsMarshal.AsImmutableArray(lines), http.RequestAborted);
            if (rows - said >= ProgressRows || time.GetElapsedTime(saidAt) >= ProgressTime)
            {
                await SayAsync(http, new JsonObject { ["type"] = "progress", ["rows"] = rows });
                (said, saidAt) = (rows, time.GetTimestamp());
            }
        }
    }

    private static async Task SkipAsync(HttpContext http, long bytes)
    {
        var skipped = new byte[64 * 1024];
        try
        {
            for (var read = -1; read != 0 && bytes > 0; bytes -= read)
            {
                read = await http.Request.Body.ReadAsync(skipped, http.RequestAborted);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Nobody is left to hear of it.
        }

        if (bytes <= 0 && !http.Response.HasStarted)
        {
            HttpSetup.CloseAfterAnswer(http);
        }
    }

    private static async Task SayAsync(HttpContext http, JsonObject line)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = ExportAnswer.ContentType;
        }

        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, ApiJson.Answers.JsonObject), http.RequestAborted);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static bool IsNdjson(string? contentType) => contentType?.Split(';')[0].Trim().Equals(ExportAnswer.ContentType, StringComparison.OrdinalIgnoreCase) == true;

    [LoggerMessage(Level = LogLevel.Warning, Message = "An import ended, after its answer had begun, with {Code}")]
    private static partial void LogEnded(ILogger logger, Exception? failure, string code);

    // It would end by itself.
    private static async Task TryEndAsync(IImportGrain import)
    {
        try
        {
            await import.EndAsync();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or NotHostedException or StorageUnavailableException)
        {
        }
    }
}
