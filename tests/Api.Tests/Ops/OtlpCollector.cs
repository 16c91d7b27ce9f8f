using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Actors.Api.Tests.Ops;

/// <summary>An OpenTelemetry collector: takes traces and metrics as OTLP over HTTP in protobuf.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Channel<OtlpSpan> _spans = Channel.CreateUnbounded<OtlpSpan>();
    private readonly TaskCompletionSource _metrics = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpCollector(WebApplication app) => _app = app;

    /// <summary>What a process needs to know to send here.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>Completes with the first metrics.</summary>
    public Task Metrics => _metrics.Task.WaitAsync(Patience);

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", collector.TakeTracesAsync);
        app.MapPost("/v1/metrics", () =>
        {
            collector._metrics.TrySetResult();
            return Results.Ok();
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>Reads spans until the wanted one has come.</summary>
    /// <returns>All that came so far, it included.</returns>
    public async Task<List<OtlpSpan>> ReadUntilAsync(Func<List<OtlpSpan>, bool> isEnough)
    {
        using var limit = new CancellationTokenSource(Patience);
        var spans = new List<OtlpSpan>();
        do
        {
            spans.Add(await _spans.Reader.ReadAsync(limit.Token));
        }
        while (!isEnough(spans));

        return spans;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeTracesAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var span in OtlpSpan.ReadAll(body.ToArray()))
        {
            _spans.Writer.TryWrite(span);
        }

        return Results.Ok();
    }
}
