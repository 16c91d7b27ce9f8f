using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Actors.Hosting;

/// <summary>
/// Metrics and traces. They go to an OpenTelemetry collector when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the exporter's other
/// variables of the OpenTelemetry specification count too. Spans hold names and numbers, never what clients send (<see cref="SpanScrubber"/>).
/// </summary>
internal static class Telemetry
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string NameKey = "OTEL_SERVICE_NAME";

    private static readonly string[] Meters =
        ["Actors.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    // Npgsql's spans show the statement, whose values are parameters.
    private static readonly string[] Sources = ["Actors.*", "Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Npgsql"];

    /// <summary>Adds what this process counts and traces.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="serviceName">What it is called, unless <c>OTEL_SERVICE_NAME</c> says otherwise.</param>
    /// <param name="addReaders">Adds readers of metrics other than the collector.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName, Action<MeterProviderBuilder>? addReaders = null)
    {
        var isExported = IsExported(builder.Configuration);
        var name = builder.Configuration[NameKey] ?? serviceName;
        if (isExported || addReaders is not null)
        {
            builder.Services.AddSingleton(_ =>
            {
                var metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(resource => resource.AddService(name)).AddMeter(Meters);
                addReaders?.Invoke(metrics);
                return (isExported ? metrics.AddOtlpExporter() : metrics).Build();
            });
        }

        if (isExported)
        {
            builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(WithoutEvents(builder.Configuration)))
                .ConfigureResource(resource => resource.AddService(name))
                .AddSource(Sources)
                .AddProcessor(new SpanScrubber())
                .AddOtlpExporter()
                .Build());
        }

        builder.Services.AddHostedService<TelemetryStart>();
    }

    /// <summary>Whether there is a collector, and so a use for traces.</summary>
    public static bool IsExported(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[EndpointKey]);

    // Events of spans are errors with their messages, which may quote anything.
    private static IConfiguration WithoutEvents(IConfiguration configuration) => new ConfigurationBuilder()
        .AddConfiguration(configuration)
        .AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_SPAN_EVENT_COUNT_LIMIT"] = "0" })
        .Build();

    // Nobody asks for the providers: they listen from the moment they exist, and send the rest when they are disposed of.
    private sealed class TelemetryStart(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<MeterProvider>();
            services.GetService<TracerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
