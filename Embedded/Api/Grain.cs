using Actors.Embedded;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans;

public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

public abstract class Grain : IGrainBase, IAddressable
{
    private readonly Activation? _activation = Activation.UnderConstruction;

    protected Grain()
    {
    }

    public IGrainContext GrainContext => Context;

    protected IGrainFactory GrainFactory => Context.Runtime.GrainFactory;

    protected internal IServiceProvider ServiceProvider => Context.ActivationServices;

    private Activation Context => _activation
        ?? throw new InvalidOperationException($"{GetType().Name} was created outside of an activation.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    protected void DelayDeactivation(TimeSpan timeSpan) => Context.DelayDeactivation(timeSpan);
}

public static class GrainBaseExtensions
{
    public static void DeactivateOnIdle(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        Activation.Of(grain).Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));
    }

    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(callback);
        return Activation.Of(grain).Timers.Register(token => callback(state, token), options);
    }

    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(callback);
        return Activation.Of(grain).Timers.Register(callback, options);
    }
}

public static class GrainExtensions
{
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainProxy proxy => proxy.GrainId,
            IGrainBase instance => instance.GrainContext.GrainId,
            _ => throw new ArgumentException($"{grain.GetType().Name} is neither a grain nor a reference to one.", nameof(grain)),
        };
    }

    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        var runtime = grain is GrainProxy proxy ? proxy.Runtime : Activation.Of((IGrainBase)grain).Runtime;
        return (TGrainInterface)(object)runtime.References.Create(typeof(TGrainInterface), grain.GetGrainId());
    }
}

/// <summary>The reminders of a grain that implements <see cref="IRemindable"/>.</summary>
public static class GrainReminderExtensions
{
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var (id, registry) = Registry(grain);
        if (grain is not IRemindable)
        {
            throw new InvalidOperationException($"Grain {id} is not {nameof(IRemindable)}; only such a grain can be reminded.");
        }

        return registry.RegisterOrUpdateAsync(id, reminderName, dueTime, period);
    }

    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder)
    {
        var (id, registry) = Registry(grain);
        return registry.UnregisterAsync(id, reminder);
    }

    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName)
    {
        var (id, registry) = Registry(grain);
        return registry.GetAsync(id, reminderName);
    }

    public static Task<List<IGrainReminder>> GetReminders(this Grain grain)
    {
        var (id, registry) = Registry(grain);
        return registry.GetAllAsync(id);
    }

    private static (GrainId Id, ReminderRegistry Registry) Registry(Grain grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return (grain.GrainContext.GrainId, grain.GrainContext.ActivationServices.GetRequiredService<ReminderRegistry>());
    }
}
