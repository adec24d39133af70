namespace DiffusionMesh.Imaging;

/// <summary>An RGB image to draw on.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int width, int height, Rgb background)
    {
        Width = width;
        Height = height;
        _pixels = new byte[checked(width * height * 3)];
        Fill(0, 0, width, height, background);
    }

    public int Width { get; }

    public int Height { get; }

    public PixelImage ToImage() => new(Width, Height, 3, _pixels);

    public void Fill(int left, int top, int width, int height, Rgb colour)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
            {
                Set(x, y, colour);
            }
        }
    }

    /// <summary>Draws an image with every pixel as a square of <paramref name="scale"/> _pixels.</summary>
    public void Draw(PixelImage image, int left, int top, int scale)
    {
        var source = image.Pixels.Span;
        for (var y = 0; y < image.Height * scale; y++)
        {
            for (var x = 0; x < image.Width * scale; x++)
            {
                var at = ((y / scale * image.Width) + (x / scale)) * image.Channels;
                var colour = image.Channels == 1
                    ? new Rgb(source[at], source[at], source[at])
                    : new Rgb(source[at], source[at + 1], source[at + 2]);
                Set(left + x, top + y, colour);
            }
        }
    }

    public void Write(string text, int left, int top, int scale, Rgb colour)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var glyph = BitmapFont.Glyph(text[i]);
            for (var row = 0; row < BitmapFont.GlyphHeight; row++)
            {
                for (var column = 0; column < BitmapFont.GlyphWidth; column++)
                {
                    if ((glyph[row] & (0x10 >> column)) != 0)
                    {
                        var x = left + (((i * BitmapFont.Advance) + column) * scale);
                        Fill(x, top + (row * scale), scale, scale, colour);
                    }
                }
            }
        }
    }

    private void Set(int x, int y, Rgb colour)
    {
        var at = ((y * Width) + x) * 3;
        _pixels[at] = colour.Red;
        _pixels[at + 1] = colour.Green;
        _pixels[at + 2] = colour.Blue;
    }
}
