using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Actors.Hosting;

/// <summary>
/// The grain factory of an API process. Which grains there are is known from silos only: until the first one has answered,
/// Orleans' own factory fails as if the grain did not exist.
/// </summary>
internal class SiloGrainFactory : DispatchProxy
{
    private IClusterClient _client = null!;
    private SiloWatch _watch = null!;

    public static IGrainFactory Create(IClusterClient client, SiloWatch watch)
    {
        var factory = Create<IGrainFactory, SiloGrainFactory>();
        var proxy = (SiloGrainFactory)(object)factory;
        (proxy._client, proxy._watch) = (client, watch);
        return factory;
    }

    /// <exception cref="NotHostedException">No silo has answered yet.</exception>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!_watch.FirstAnswer.IsCompleted)
        {
            throw new NotHostedException("No silo has answered yet.");
        }

        try
        {
            return targetMethod!.Invoke(_client, args);
        }
        catch (TargetInvocationException failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException!);
            throw;
        }
    }
}
