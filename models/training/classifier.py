"""The judge: a plain convolutional classifier, unlike the residual networks of the models that it judges."""

from torch import nn

FEATURES = 128


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.LeakyReLU(0.1),
    )


class Classifier(nn.Module):
    """images [N, 1, 32, 32] in [-1, 1] -> features [N, 128], logits [N, 10].

    The features are linear (no activation), so that their distribution is close to what FID assumes.
    Batch normalisation is used in evaluation mode alone once trained: rows do not depend on each other.
    """

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            _block(1, 32), nn.MaxPool2d(2),
            _block(32, 64), _block(64, 64), nn.MaxPool2d(2),
            _block(64, 128), _block(128, 128), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.4),
        )
        self.features = nn.Linear(128 * 4 * 4, FEATURES)
        self.logits = nn.Sequential(nn.LeakyReLU(0.1), nn.Dropout(0.4), nn.Linear(FEATURES, 10))

    def forward(self, images):
        features = self.features(self.body(images))
        return features, self.logits(features)
