using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Actors.Embedded;

/// <summary>Adds the single-process host to a service collection.</summary>
public static class EmbeddedActors
{
    /// <summary>
    /// Hosts the grains of the given assemblies in this process while the application runs. Registers
    /// <see cref="IGrainFactory"/> and <see cref="IClusterClient"/>. Reminders need an <see cref="IReminderTable"/>,
    /// persistent state an <see cref="IGrainStateTable"/>; both are looked up in the same services.
    /// </summary>
    public static IServiceCollection AddEmbeddedActors(this IServiceCollection services, Action<EmbeddedActorOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<EmbeddedActorOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmbeddedActorOptions>, OptionValidation>();
        services.AddSingleton<ActorRuntime>();
        services.AddSingleton<ReminderRegistry>();
        services.AddSingleton<ReminderService>();
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<ActorRuntime>().GrainFactory);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<IClusterClient>());
        services.AddHostedService<EmbeddedActorHost>();
        return services;
    }

    private sealed class OptionValidation : IValidateOptions<EmbeddedActorOptions>
    {
        public ValidateOptionsResult Validate(string? name, EmbeddedActorOptions options)
        {
            var faults = options.Faults().ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
