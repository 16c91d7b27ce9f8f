using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Actors.Sessions.Recall;

/// <summary>Dot products of vectors of signed bytes.</summary>
internal static class Int8Dot
{
    /// <param name="left">Bytes from -127 to 127, at most 8,192: their sum of products fits an int.</param>
    /// <param name="right">As many.</param>
    public static int Of(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right)
    {
        right = right[..left.Length];
        var sum = 0;
        var done = Avx2.IsSupported ? Avx2Sum(left, right, ref sum) : PortableSum(left, right, ref sum);
        for (; done < left.Length; done++)
        {
            sum += left[done] * right[done];
        }

        return sum;
    }

    // Products of shorts, added in pairs to ints by one instruction.
    private static int Avx2Sum(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right, ref int sum)
    {
        ref var l = ref MemoryMarshal.GetReference(left);
        ref var r = ref MemoryMarshal.GetReference(right);
        var (even, odd) = (Vector256<int>.Zero, Vector256<int>.Zero);
        nuint i = 0;
        for (var end = (nuint)(left.Length & ~31); i < end; i += 32)
        {
            even += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref l, i)), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref r, i)));
            odd += Avx2.MultiplyAddAdjacent(
                Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref l, i + 16)), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref r, i + 16)));
        }

        sum += Vector256.Sum(even + odd);
        return (int)i;
    }

    // Without -128 a product is at most 16,129, so that two of them fit a short.
    internal static int PortableSum(ReadOnlySpan<sbyte> left, ReadOnlySpan<sbyte> right, ref int sum)
    {
        var total = Vector<int>.Zero;
        var i = 0;
        for (; i <= left.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            Vector.Widen(new Vector<sbyte>(left[i..]), out var leftLow, out var leftHigh);
            Vector.Widen(new Vector<sbyte>(right[i..]), out var rightLow, out var rightHigh);
            Vector.Widen((leftLow * rightLow) + (leftHigh * rightHigh), out var low, out var high);
            total += low + high;
        }

        sum += Vector.Sum(total);
        return i;
    }
}
