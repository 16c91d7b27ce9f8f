using System.Reflection;

namespace Actors.Embedded;

/// <summary>What <c>GetGrain</c> gives out: implements the grain interface by sending calls. Making one activates nothing.</summary>
internal class GrainProxy : DispatchProxy
{
    private GrainInterface? _interface;
    private GrainClass? _class;
    private ActorRuntime? _runtime;
    private ICallTarget? _target;

    public GrainId GrainId { get; private set; }

    public ActorRuntime Runtime => _runtime!;

    public static GrainProxy CreatePrototype(GrainInterface grainInterface, ActorRuntime runtime)
    {
        var prototype = (GrainProxy)Create(grainInterface.Type, typeof(GrainProxy));
        prototype._interface = grainInterface;
        prototype._runtime = runtime;
        return prototype;
    }

    public GrainProxy For(GrainId grainId, GrainClass grainClass)
    {
        // Several times cheaper than asking DispatchProxy for another.
        var proxy = (GrainProxy)MemberwiseClone();
        proxy.GrainId = grainId;
        proxy._class = grainClass;
        return proxy;
    }

    public void Send(Request request) => _target = _runtime!.Send(GrainId, _class!, request, _target);

    public override bool Equals(object? obj) => obj is GrainProxy other && other.GrainId == GrainId && other._interface == _interface;

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => GrainId.ToString();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _interface!.Methods[targetMethod!].Send(this, args ?? []);
}
