metapool help --man pool | head -12
